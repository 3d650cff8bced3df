// The tables of kernels and of limits.

#include "analysis/bench/workload.hpp"
#include "kernels/numerics/ordered_sum.hpp"

namespace respine {

namespace {

void repeat_inputs(Workload& w) { w.repeat_inputs(); }
double live_checksum(const Workload& w) { return static_cast<double>(w.live); }
double sum(const std::vector<float>& v) { return ordered_sum(v); }

// Structural kernels come last in their group: they change the network.
constexpr Kernel kKernels[] = {
    {"publish", "neuron", [](Workload& w) { return w.publish(); }, nullptr,
     [](const Workload& w) { return sum(w.published); }},
    {"gather_plastic", "synapse", [](Workload& w) { return w.drive(); }, nullptr,
     [](const Workload& w) { return sum(w.recurrent); }, true},
    {"gather_fixed", "synapse", [](Workload& w) { return w.gather_fixed_rows(); }, nullptr,
     [](const Workload& w) { return sum(w.excitation) + sum(w.inhibition); }, true},
    {"settled_rates", "neuron", [](Workload& w) { return w.settle(); }, nullptr,
     [](const Workload& w) { return sum(w.settled); }},
    {"relaxation", "neuron", [](Workload& w) { return w.relax(); }, repeat_inputs,
     [](const Workload& w) { return sum(w.rate); }},
    {"glutamate", "voxel update", [](Workload& w) { return w.glutamate(); }, repeat_inputs,
     [](const Workload& w) { return sum(w.glutamate_now); }},
    {"signalling", "neuron", [](Workload& w) { return w.signalling(); }, nullptr,
     [](const Workload& w) { return sum(w.chain.back()); }},
    {"mechanism", "neuron", [](Workload& w) { return w.mechanism(); }, nullptr,
     [](const Workload& w) { return ordered_sum(w.brought.own[0]); }},
    {"turnover", "synapse", [](Workload& w) { return w.turn_over(w.half_hour); }, nullptr, live_checksum},
    {"turnover_without_loss", "synapse", [](Workload& w) { return w.turn_over(w.never); }, nullptr,
     live_checksum},
    {"loss_of_a_day", "lost synapse",
     [](Workload& w) {
         const Work all = w.turn_over(w.all_day);
         return Work{w.lost, all.bytes};
     },
     [](Workload& w) { w.fill_room(); }, live_checksum},
    {"formation", "formed synapse", [](Workload& w) { return w.form(w.half_hour.days); },
     [](Workload& w) { w.make_room(w.half_hour); }, live_checksum},
    {"formation_of_a_day", "formed synapse", [](Workload& w) { return w.form(1.0); },
     [](Workload& w) { w.make_room(w.all_day); }, live_checksum},
};

double limit_checksum(const Workload&) { return checksum_of_limits(); }

constexpr Kernel kLimits[] = {
    {"stream_synapses", "synapse", [](Workload& w) { return stream_synapses(w); }, nullptr, limit_checksum,
     true},
    {"plain_gather", "synapse", [](Workload& w) { return plain_gather(w, w.plain); }, nullptr,
     [](const Workload& w) { return static_cast<double>(w.recurrent[1]); }, true},
    {"mechanism_in_cpp", "neuron", [](Workload& w) { return w.mechanism_in_cpp(); }, nullptr,
     [](const Workload& w) { return sum(w.lactate); }},
    {"philox_alone", "synapse", [](Workload& w) { return philox_alone(w); }, nullptr, limit_checksum, false},
};

}  // namespace

std::span<const Kernel> kernels() { return kKernels; }
std::span<const Kernel> limits() { return kLimits; }

}  // namespace respine
