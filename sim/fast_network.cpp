// The fast network: the steady rates for the present synapses and drugs, relaxed without milliseconds, or
// stepped in them.

#include <algorithm>
#include <cmath>

#include "kernels/activity/relaxation.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "sim/model/error.hpp"
#include "sim/simulation.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

double mean_of_group(std::span<const float> values, const Group& g) {
    return ordered_sum(values.subspan(g.first, g.size())) / g.size();
}

void scale(const std::vector<float>& factor, size_t first, size_t last, std::vector<float>& values) {
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(last - first))
    for (size_t i = first; i < last; ++i) values[i] *= factor[i];
}

std::vector<GroupRange> ranges_of(const std::vector<Group>& groups) {
    std::vector<GroupRange> ranges;
    for (const Group& g : groups) ranges.push_back({g.first, g.last, g.gain});
    return ranges;
}

using Changes = std::array<std::vector<float>, kAndersonDepth>;

AndersonSpace space_over(Changes& rate, Changes& residual, std::vector<float>& last) {
    AndersonSpace space;
    for (size_t k = 0; k < kAndersonDepth; ++k) {
        space.rate_change[k] = rate[k];
        space.residual_change[k] = residual[k];
    }
    space.residual = last;
    return space;
}

}  // namespace

// What the first `groups` groups, firing at `rate`, send to each neuron of group `target` by one synapse.
void Simulation::publish_to(size_t target, size_t groups, std::span<const float> rate) {
    for (size_t s = 0; s < groups; ++s)
        publish_rates(rate, network_.projection(target, s).weight * received(target, s),
                      network_.groups[s].first, network_.groups[s].last, published_);
}

// Adds what plastic synapses other than the recurrent ones bring.
void Simulation::gather_more(PlasticSynapses& p, Slice target, std::span<float> input) {
    gather_plastic(p.rows(), published_, target.first, target.last, more_input_);
    for (size_t i = target.first; i < target.last; ++i) input[i] += more_input_[i];
}

// What the own neurons of a group get from the rates that were published to it: by fixed synapses, by plastic
// ones, and on excitatory neurons, whose plastic excitatory synapses the protein pool strengthens, those
// apart.
void Simulation::gather(size_t t) {
    const Slice target = network_.partition.own(t);
    gather_fixed(network_.fixed_rows(), published_, target.first, target.last, state_.excitation,
                 state_.inhibition);
    const bool excitatory = t < network_.excitatory_groups;
    if (excitatory)  // a row is empty where there are none
        gather_plastic(network_.recurrent().rows(), published_, target.first, target.last, state_.recurrent);
    for (size_t k = 1; k < network_.plastic.size(); ++k) {
        PlasticSynapses& p = network_.plastic[k];
        if (!p.targets_group(t)) continue;
        gather_more(p, target,
                    p.trait == Trait::kInhibitory ? state_.inhibition
                    : excitatory                  ? state_.recurrent
                                                  : state_.excitation);
    }
}

// Every neuron's settled rate for the present rates of its sources: one pass over all synapses.
void Simulation::sweep(std::span<float> settled, std::span<const float> external) {
    const size_t groups = network_.groups.size();
    for (size_t t = 0; t < groups; ++t) {
        const Slice target = network_.partition.own(t);
        publish_to(t, groups, state_.rate);
        gather(t);
        const bool excitatory = t < network_.excitatory_groups;
        if (excitatory && !inhibition_factor_.empty())
            scale(inhibition_factor_, target.first, target.last, state_.inhibition);
        RateInput in{{}, {}, state_.excitation, external, state_.inhibition, network_.slow_share};
        if (excitatory) {
            in.recurrent = state_.recurrent;
            in.potentiation = state_.potentiation;
        }
        settled_rates(rate_groups_[t], in, target.first, target.last, settled);
        ranks_.begin_exchange(network_.partition, t, t + 1, settled);
    }
    ranks_.finish_exchanges();
    ++effort_.sweeps;
}

// What the present synapses would bring at healthy rates: their lasting strength, apart from what the drug
// does to the rates.
void Simulation::measure_recurrent() {
    if (network_.healthy_recurrent.empty()) return;
    lasting_.resize(network_.excitatory);
    for (size_t t = 0; t < network_.excitatory_groups; ++t) {
        const Slice target = network_.partition.own(t);
        publish_to(t, network_.excitatory_groups, network_.baseline_rate);
        gather_plastic(network_.recurrent().rows(), published_, target.first, target.last, lasting_);
        for (size_t k = 1; k < network_.plastic.size(); ++k)
            if (PlasticSynapses& p = network_.plastic[k]; network_.on_spines(p) && p.targets_group(t))
                gather_more(p, target, lasting_);
    }
    ranks_.exchange(network_.partition, 0, network_.excitatory_groups, lasting_);
}

void Simulation::balance_inhibition() {
    if (network_.inhibitory_matching == 0.0) return;
    inhibition_factor_.resize(network_.excitatory);
    match_inhibition(network_.inhibitory_matching,
                     {state_.potentiation, lasting_, network_.healthy_recurrent, network_.external},
                     inhibition_factor_);
}

// Input of each group per Hz of mean rate of each other one, with the present drugs, potentiation and number
// of synapses.
std::vector<double> Simulation::mean_coupling() const {
    const size_t groups = network_.groups.size();
    const double potentiation = ordered_sum(state_.potentiation) / static_cast<double>(network_.excitatory);
    std::vector<double> present;  // live synapses of each of the plastic ones over the healthy count
    for (size_t k = 0; k < network_.plastic.size(); ++k) {
        const double healthy = ordered_sum(network_.plastic[k].healthy);
        present.push_back(healthy > 0.0 ? static_cast<double>(state_.live_of[k]) / healthy : 1.0);
    }
    std::vector<double> coupling(groups * groups);
    for (size_t t = 0; t < groups; ++t) {
        const RateGroup& g = rate_groups_[t];
        const double through = excitation_factor(g, g.block_ab + shares_[t] * (g.block_cd - g.block_ab));
        const bool balanced = t < network_.excitatory_groups && !inhibition_factor_.empty();
        const double inhibition = balanced ? mean_of_group(inhibition_factor_, network_.groups[t]) : 1.0;
        for (size_t s = 0; s < groups; ++s) {
            const Projection& p = network_.projection(t, s);
            const bool plastic = p.rows != kFixedRows, excitatory = s < network_.excitatory_groups;
            double w =
                excitatory ? p.summed_weight * through : -p.summed_weight * inhibition * received(t, s);
            if (plastic && excitatory && t < network_.excitatory_groups) w *= potentiation;
            coupling[t * groups + s] = plastic ? w * present[p.rows] : w;
        }
    }
    return coupling;
}

void Simulation::relax_network() {
    constexpr int kMostSweeps = 400;
    const auto start = wall_now();
    balance_inhibition();
    const std::vector<double> coupling = mean_coupling();
    const std::vector<GroupRange> ranges = ranges_of(network_.groups);
    AndersonSpace space = space_over(rate_change_, residual_change_, residual_);
    double best = 1e300;
    for (int n = 0;; ++n) {
        sweep(settled_, network_.external);
        const double residual = relative_residual(settled_, state_.rate);
        if (residual < model().clock.tolerance) break;
        if (n == kMostSweeps)
            fail(Exit::kNumerical,
                 "{}: t = {} s: error: the fast network does not settle (residual {:.2e} after {} sweeps); "
                 "weaken the recurrent weights",
                 scenario().name, state_.now, best, n);
        if (!(residual < 1.5 * best)) {
            // Strong inhibition overshot: back to the best iterate, and more carefully.
            state_.rate = best_rate_;
            damping_ = std::max(0.05, 0.5 * damping_);
            space.filled = space.next = 0;
            space.started = false;
            continue;
        }
        if (residual < best) {
            best = residual;
            best_rate_ = state_.rate;
        }
        correct_by_groups(ranges, coupling, state_.rate, slope_, settled_);
        accelerate(space, settled_, damping_, state_.rate);
    }
    damping_ = std::min(model().clock.damping, 1.1 * damping_);
    exchange_inputs();
    check_rates();
    effort_.fast_seconds += seconds_since(start);
}

// The inputs of the last sweep, which each rank summed for its own neurons.
void Simulation::exchange_inputs() {
    ranks_.exchange(network_.partition, 0, network_.excitatory_groups, state_.recurrent);
    for (auto* input : {&state_.excitation, &state_.inhibition})
        ranks_.exchange(network_.partition, 0, network_.groups.size(), *input);
}

void Simulation::step_network_explicitly(double seconds, std::span<const float> external) {
    balance_inhibition();
    sweep(settled_, external.empty() ? std::span<const float>(network_.external) : external);
    exchange_inputs();
    for (size_t g = 0; g < network_.groups.size(); ++g)
        advance_rates(rate_groups_[g], settled_, seconds, network_.groups[g].first, network_.groups[g].last,
                      state_.rate);
}

void Simulation::check_rates() const {
    if (state_.rate_baseline.empty()) return;  // the baseline itself is being settled
    const size_t e = network_.excitatory;
    const double mean = ordered_sum({state_.rate.data(), e}) / static_cast<double>(e);
    const double baseline = ordered_sum({state_.rate_baseline.data(), e}) / static_cast<double>(e);
    const double fold = baseline > 0.0 ? mean / baseline : 1.0;
    if (std::isfinite(mean) && ((fold > 0.1 && fold < 10.0) || tool_effect(Target::kAmpa) > 0.0)) return;
    fail(Exit::kNumerical,
         "{}: t = {} s: error: rate_e is {:g} Hz, {:.3g} x its baseline; the model holds between 0.1 and 10",
         scenario().name, state_.now, mean, fold);
}

}  // namespace respine
