#include "analysis/bench/workload.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/plasticity/pruning.hpp"
#include "sim/history.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

namespace {

// A stressed mouse long before its first treatment, so every step is a quiet one.
Simulation quiet_simulation(const std::string& kind, u32 neurons, u32 synapses) {
    const Settings settings = {{"network.kind", kind},
                               {"network.neurons", std::to_string(neurons)},
                               {"network.synapses_per_neuron", std::to_string(synapses)},
                               {"start", "-300 d"},
                               {"duration", "360 d"}};
    return Simulation(load_inputs(load_scenario("mouse-vehicle", settings)));
}

// Numbers between low and high that differ from neuron to neuron and need no generator.
std::vector<float> spread(size_t n, double low, double high, u64 step) {
    std::vector<float> v(n);
    for (size_t i = 0; i < n; ++i)
        v[i] = static_cast<float>(low + (high - low) * static_cast<double>(i * step % 1009) / 1009.0);
    return v;
}

i64 as_i64(size_t n) { return static_cast<i64>(n); }

}  // namespace

Workload::Workload(const std::string& kind, u32 neurons, u32 synapses)
    : Workload(quiet_simulation(kind, neurons, synapses)) {}

Workload::Workload(Simulation quiet)
    : Problem(quiet.network(), quiet.model(), condition_of(quiet.model(), quiet.subject().state), true),
      simulation(std::move(quiet)) {
    const size_t n = network.neurons, e = network.excitatory, voxels = network.voxels;
    start_rate_ = spread(n, 1.0, 9.0, 7);
    other_rate_ = spread(n, 1.5, 8.0, 11);
    start_settled_ = spread(n, 1.0, 9.5, 13);
    for (auto* v : {&excitation, &inhibition, &slope_}) v->assign(n, 0.0F);
    bdnf_ = spread(e, 0.0, 1.0, 17);
    chain.resize(4 + kLagStages);
    release_ = spread(voxels, 0.9, 2.0, 3);
    scratch_.assign(voxels, 1.0F);

    ring_.assign(2 * kAndersonDepth + 1, std::vector<float>(n, 0.0F));
    for (size_t k = 0; k < kAndersonDepth; ++k) {
        space_.rate_change[k] = ring_[k];
        space_.residual_change[k] = ring_[kAndersonDepth + k];
    }
    space_.residual = ring_.back();
    for (const Projection& p : network.projections) coupling_.push_back(p.summed_weight);
    for (const Group& g : network.groups) ranges_.push_back({g.first, g.last, g.gain});
    for (size_t k = 0; k < coupling_.size(); ++k)
        if (k % ranges_.size() >= network.excitatory_groups) coupling_[k] = -coupling_[k];
    prepare_mechanism();
    restart();
    plain = store_plainly(*this);
}

void Workload::prepare_mechanism() {
    const std::vector<Mechanism> all = load_scenario("mouse-lactate", {}).mechanisms;
    mechanisms_ = Mechanisms(all, readable_quantities(cast_of(simulation), all));
    brought = simulation.state();
    brought.own.assign(1, NeuronArray<float>(network.excitatory));
    brought.own_of_subject.assign(1, 0.0);
    mechanisms_.begin(simulation, brought);
    std::ranges::copy(spread(network.voxels, 0.9, 2.0, 3), brought.glutamate.begin());
    held_drive = spread(network.excitatory, 0.8, 1.9, 5);
    lactate.assign(network.excitatory, 1.0F);
    for (auto* v : {&glutamate_of_neuron_, &held_lactate_}) v->assign(network.excitatory, 0.0F);
}

void Workload::restart() {
    if (tick > 0) network = simulation.network();
    live = static_cast<i64>(network.recurrent().live_synapses());
    tick = 0;
    for (auto& state : chain) state = spread(network.excitatory, 0.0, 0.8, 19);
    prime_relaxation();
    publish();
}

// Brings the acceleration to its full depth.
void Workload::prime_relaxation() {
    space_.filled = space_.next = 0;
    space_.started = odd_ = false;
    for (size_t k = 0; k < 2 * kAndersonDepth; ++k) {
        repeat_inputs();
        relax();
    }
    repeat_inputs();
}

void Workload::repeat_inputs() {
    odd_ = !odd_;  // two starts in turn: the acceleration needs differences
    rate = odd_ ? start_rate_ : other_rate_;
    settled = start_settled_;
    glutamate_now.assign(network.voxels, 1.0F);
}

Work Workload::publish() {
    publish_rates(rate, 0.003, 0, network.neurons, published);
    return {as_i64(network.neurons), as_i64(8 * network.neurons)};
}

Work Workload::gather_fixed_rows() {
    gather_fixed(network.fixed_rows(), published, 0, network.neurons, excitation, inhibition);
    return {as_i64(network.fixed_source.size()), as_i64(3 * network.fixed_source.size())};
}

// Inputs of six arrays, one result.
Work Workload::settle() {
    const State& s = simulation.state();
    for (const Group& g : network.groups) {
        const RateGroup group{g.gain, g.time_constant, g.receptors.nmda_share, 0.1, 0.2, 0.0, 1.0, 1.0};
        const bool excitatory = g.type == CellType::kE;
        const RateInput in{excitatory ? std::span<const float>(s.recurrent) : std::span<const float>(),
                           excitatory ? std::span<const float>(s.potentiation) : std::span<const float>(),
                           s.excitation,
                           network.external,
                           s.inhibition,
                           network.slow_share};
        settled_rates(group, in, g.first, g.last, settled);
    }
    return {as_i64(network.neurons), as_i64(20 * network.neurons + 8 * network.excitatory)};
}

// Residual (6 arrays read), group correction (9), acceleration at full depth (34).
Work Workload::relax() {
    const NeuronShare share(rate.size());
    relative_residual(share, settled, rate);
    correct_by_groups(share, ranges_, coupling_, rate, slope_, settled);
    accelerate(share, space_, settled, 0.5, rate);
    return {as_i64(network.neurons), as_i64((6 + 9 + 34) * 4 * network.neurons)};
}

Work Workload::glutamate() {
    GlutamateParams p = simulation.model().glutamate;
    const VoxelTables& voxels = network.regions.front().voxels;
    p.voxel = voxels.edge;
    std::ranges::copy(glutamate_now, scratch_.begin());
    const int sweeps =
        GlutamateStep(p, voxels.grid(), 1.0, 60.0, release_, glutamate_now, scratch_).advance();
    const i64 updates = as_i64(glutamate_now.size()) * sweeps / 2;  // a sweep updates every second voxel
    return {updates, 16 * updates};
}

Work Workload::mechanism() {
    const Slice all{0, static_cast<u32>(network.excitatory)};
    mechanisms_.advance(simulation, brought, 1.0 / 60.0);
    mechanisms_.act(ActsOn::kBdnfRelease, brought, all, held_drive);
    return {as_i64(network.excitatory), as_i64(32 * network.excitatory)};
}

Work Workload::mechanism_in_cpp() {
    const Region& region = network.regions.front();
    spread_by_voxel(std::span<const u32>(region.voxels.voxel).first(network.excitatory), brought.glutamate,
                    glutamate_of_neuron_);
    lactate_in_cpp(60.0, glutamate_of_neuron_, lactate, held_lactate_, held_drive);
    return {as_i64(network.excitatory), as_i64(32 * network.excitatory)};
}

Work Workload::signalling() {
    SignallingState state{chain[0], chain[1], chain[2], chain[3], {}};
    for (size_t k = 0; k < kLagStages; ++k) state.lag[k] = chain[4 + k];
    advance_signalling(simulation.model().signalling, {0.8, 0.0, 0.0, 0.0, 0.0}, 0.5, bdnf_, state);
    return {as_i64(bdnf_.size()), as_i64(bdnf_.size() * (4 + 8 * chain.size()))};
}

Work Workload::generate() {
    const Inputs& in = simulation.inputs();
    NetworkReport report;
    const Network built =
        build_network(in.scenario, in.model, in.network, simulation.subject().state, nullptr, &report);
    const i64 synapses =
        static_cast<i64>(built.recurrent().live_synapses()) + as_i64(built.fixed_source.size());
    return {synapses, 7 * synapses};
}

// A quiet slow step with its structural step: every sweep reads all synapses, the structural step reads and
// writes the sizes.
Work Workload::whole_step() {
    const Effort before = simulation.effort();
    const i64 plastic = static_cast<i64>(simulation.state().live),
              fixed = as_i64(network.fixed_source.size());
    simulation.advance();
    const Effort& after = simulation.effort();
    const i64 sweeps = static_cast<i64>(after.sweeps - before.sweeps),
              structural = static_cast<i64>(after.structural_steps - before.structural_steps);
    if (step_checksum == 0.0)
        step_checksum = static_cast<double>(simulation.state().live) + ordered_sum(simulation.state().rate);
    return {plastic + fixed, sweeps * (5 * plastic + 3 * fixed) + structural * 4 * plastic};
}

}  // namespace respine
