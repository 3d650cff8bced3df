// The fast network: the steady rates for the present synapses and drugs, relaxed without milliseconds, or
// stepped in them.

#include <algorithm>
#include <cmath>

#include "kernels/activity/relaxation.hpp"
#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "sim/model/error.hpp"
#include "sim/ranks/rank_share.hpp"
#include "sim/simulation.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

void scale(const NeuronArray<float>& factor, size_t first, size_t last, NeuronArray<float>& values) {
    for_neurons(first, last, [&](size_t i) { values[i] *= factor[i]; });
}

std::vector<GroupRange> ranges_of(const std::vector<Group>& groups) {
    std::vector<GroupRange> ranges;
    for (const Group& g : groups) ranges.push_back({g.first, g.last, g.gain});
    return ranges;
}

using Changes = std::array<NeuronArray<float>, kAndersonDepth>;

AndersonSpace space_over(Changes& rate, Changes& residual, NeuronArray<float>& last) {
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
    for (const Slice known : network_.known_by_group()) {
        const size_t s = network_.group_of(known.first);
        if (s < groups)  // numbers in rows follow each other as those of neurons do
            publish_rates(rate.subspan(known.first, known.size()),
                          network_.projection(target, s).weight * received(target, s), 0, known.size(),
                          std::span(published_).subspan(network_.numbers.in_rows(known.first)));
    }
}

// Of the sources of these synapses alone: fewer numbers are read faster.
std::span<const float> Simulation::published_to(const PlasticSynapses& p) const {
    return std::span(published_).first(network_.numbers.count(p.last_source));
}

// Adds what plastic synapses other than the recurrent ones bring.
void Simulation::gather_more(PlasticSynapses& p, Slice target, std::span<float> input) {
    gather_plastic(p.rows(), published_to(p), target.first, target.last, more_input_);
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
        gather_plastic(network_.recurrent().rows(), published_to(network_.recurrent()), target.first,
                       target.last, state_.recurrent);
    for (size_t k = 1; k < network_.plastic.size(); ++k) {
        PlasticSynapses& p = network_.plastic[k];
        if (!p.targets_group(t)) continue;
        gather_more(p, target,
                    p.trait == Trait::kInhibitory ? state_.inhibition
                    : excitatory                  ? state_.recurrent
                                                  : state_.excitation);
    }
}

// Each own neuron's settled rate for the present rates of its sources: one pass over all synapses.
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
    }
    ++effort_.sweeps;
}

// What the present synapses would bring at healthy rates: their lasting strength, apart from what the drug
// does to the rates.
void Simulation::measure_recurrent() {
    if (network_.healthy_recurrent.empty()) return;
    if (lasting_.empty()) lasting_ = NeuronArray<float>(network_.excitatory);
    for (size_t t = 0; t < network_.excitatory_groups; ++t) {
        const Slice target = network_.partition.own(t);
        publish_to(t, network_.excitatory_groups, network_.baseline_rate);
        gather_plastic(network_.recurrent().rows(), published_to(network_.recurrent()), target.first,
                       target.last, lasting_);
        for (size_t k = 1; k < network_.plastic.size(); ++k)
            if (PlasticSynapses& p = network_.plastic[k]; network_.on_spines(p) && p.targets_group(t))
                gather_more(p, target, lasting_);
    }
}

void Simulation::balance_inhibition() {
    if (network_.inhibitory_matching == 0.0) return;
    if (inhibition_factor_.empty()) inhibition_factor_ = NeuronArray<float>(network_.excitatory);
    for (const Slice s : own_excitatory_)
        match_inhibition(network_.inhibitory_matching,
                         {part_of(state_.potentiation, s), part_of(lasting_, s),
                          part_of(network_.healthy_recurrent, s), part_of(network_.external, s)},
                         part_of(inhibition_factor_, s));
}

double Simulation::mean_of_excitatory(const NeuronArray<float>& values) const {
    const SumTerms all{values.data(), nullptr, 0, network_.excitatory};
    return share().sums(std::span(&all, 1)).front() / static_cast<double>(network_.excitatory);
}

// Input of each group per Hz of mean rate of each other one, with the present drugs, potentiation and number
// of synapses.
std::vector<double> Simulation::mean_coupling() const {
    const size_t groups = network_.groups.size();
    std::vector<SumTerms> terms = {{state_.potentiation.data(), nullptr, 0, network_.excitatory}};
    if (!inhibition_factor_.empty())
        for (size_t t = 0; t < network_.excitatory_groups; ++t)
            terms.push_back(
                {inhibition_factor_.data(), nullptr, network_.groups[t].first, network_.groups[t].last});
    const std::vector<double> sums = share().sums(terms);
    const double potentiation = sums[0] / static_cast<double>(network_.excitatory);
    std::vector<double> present;  // live synapses of each of the plastic ones over the healthy count
    for (size_t k = 0; k < network_.plastic.size(); ++k) {
        const double healthy = network_.plastic[k].sum_healthy.all;
        present.push_back(healthy > 0.0 ? static_cast<double>(state_.live_of[k]) / healthy : 1.0);
    }
    std::vector<double> coupling(groups * groups);
    for (size_t t = 0; t < groups; ++t) {
        const RateGroup& g = rate_groups_[t];
        const double through = excitation_factor(g, g.block_ab + shares_[t] * (g.block_cd - g.block_ab));
        const bool balanced = t < network_.excitatory_groups && !inhibition_factor_.empty();
        const double inhibition = balanced ? sums[1 + t] / network_.groups[t].size() : 1.0;
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

// Rates that change tend to go on changing: a first guess that spares sweeps.
void Simulation::foresee_rates(double hours) {
    const float ahead = hours_then_ > 0.0 ? static_cast<float>(hours / hours_then_) : 0.0F;
    for (const Slice known : network_.known)
        for_neurons(known.first, known.last, [&](size_t i) {
            const float now = state_.rate[i];
            state_.rate[i] = std::max(0.0F, now + ahead * (now - rate_then_[i]));
            rate_then_[i] = now;
        });
    hours_then_ = hours;
}

void Simulation::relax_network(double hours) {
    constexpr int kMostSweeps = 400;
    const auto start = wall_now();
    foresee_rates(hours);
    balance_inhibition();
    const std::vector<double> coupling = mean_coupling();
    const std::vector<GroupRange> ranges = ranges_of(network_.groups);
    const RankShare all = share();
    AndersonSpace space = space_over(rate_change_, residual_change_, residual_);
    double best = 1e300;
    for (int n = 0;; ++n) {
        sweep(settled_, network_.external);
        const double residual = relative_residual(all, settled_, state_.rate);
        if (residual < model().clock.tolerance) break;
        if (n == kMostSweeps)
            fail(Exit::kNumerical,
                 "{}: t = {} s: error: the fast network does not settle (residual {:.2e} after {} sweeps); "
                 "weaken the recurrent weights",
                 scenario().name, state_.now, best, n);
        if (!(residual < 1.5 * best)) {
            // Strong inhibition overshot: back to the best iterate, and more carefully.
            copy_parts(network_.known, best_rate_, state_.rate);
            damping_ = std::max(0.05, 0.5 * damping_);
            space.filled = space.next = 0;
            space.started = false;
            continue;
        }
        if (residual < best) {
            best = residual;
            copy_parts(network_.known, state_.rate, best_rate_);
        }
        correct_by_groups(all, ranges, coupling, state_.rate, slope_, settled_);
        accelerate(all, space, settled_, damping_, state_.rate);
        ranks_.exchange(network_.halo, state_.rate);
    }
    damping_ = std::min(model().clock.damping, 1.1 * damping_);
    check_rates();
    effort_.fast_seconds += seconds_since(start);
}

void Simulation::step_network_explicitly(double seconds, std::span<const float> external) {
    balance_inhibition();
    sweep(settled_, external.empty() ? std::span<const float>(network_.external) : external);
    for (size_t g = 0; g < network_.groups.size(); ++g) {
        const Slice own = network_.partition.own(g);
        advance_rates(rate_groups_[g], settled_, seconds, own.first, own.last, state_.rate);
    }
    ranks_.exchange(network_.halo, state_.rate);
}

void Simulation::check_rates() const {
    if (state_.rate_baseline.empty()) return;  // the baseline itself is being settled
    const size_t e = network_.excitatory;
    const SumTerms terms[] = {{state_.rate.data(), nullptr, 0, e},
                              {state_.rate_baseline.data(), nullptr, 0, e}};
    const std::vector<double> sums = share().sums(terms);
    const double mean = sums[0] / static_cast<double>(e), baseline = sums[1] / static_cast<double>(e);
    const double fold = baseline > 0.0 ? mean / baseline : 1.0;
    if (std::isfinite(mean) && ((fold > 0.1 && fold < 10.0) || tool_effect(Target::kAmpa) > 0.0)) return;
    fail(Exit::kNumerical,
         "{}: t = {} s: error: rate_e is {:g} Hz, {:.3g} x its baseline; the model holds between 0.1 and 10",
         scenario().name, state_.now, mean, fold);
}

}  // namespace respine
