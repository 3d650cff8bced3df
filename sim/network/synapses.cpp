// Synapses of a new network: fixed rows, plastic rows at the subject's equilibrium, and the external drive
// that goes with them.

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "kernels/activity/rates.hpp"
#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

namespace {

constexpr u32 kRowSpare = 8;

std::vector<double> cumulative(const std::vector<double>& law) {
    std::vector<double> sums(law.size());
    std::partial_sum(law.begin(), law.end(), sums.begin());
    return sums;
}

// Draws n by inverting the cumulative law.
u32 draw_count(const std::vector<double>& sums, double u) {
    return static_cast<u32>(
        std::min<std::ptrdiff_t>(std::lower_bound(sums.begin(), sums.end(), u) - sums.begin(),
                                 static_cast<std::ptrdiff_t>(sums.size()) - 1));
}

constexpr double kLeastWeight =
    1e-6;  // 0 has no logarithm; what it becomes is the smallest size in either case

// Of a spine whose weight is this much of the mean of its pair of groups, within what spines can have.
double starting_size(float relative, double healthy_mean_weight) {
    const double weight = std::max(kLeastWeight, static_cast<double>(relative)) * healthy_mean_weight;
    return std::clamp(det_log(weight), kSmallestSpine, kLargestSpine);
}

u16 size_of_weight(float relative) {
    return size_to_fixed(det_log(std::max(kLeastWeight, static_cast<double>(relative))));
}

}  // namespace

void NetworkBuilder::draw_heterogeneity() {
    net.baseline_rate.resize(net.neurons);
    net.slow_share.resize(net.neurons);
    for (const Group& g : net.groups) {
        const SubunitValues& mix = model.receptors[static_cast<size_t>(g.type)].mix;
        const double spread = spec.solve_external ? spec.rate_spread : 0.0, centre = -0.5 * spread * spread;
        for (u32 i = g.first; i < g.last; ++i) {
            const Draw u = philox(seed(), Stream::kHeterogeneity, i, 0, 0);
            net.baseline_rate[i] =
                static_cast<float>(g.baseline_rate * det_exp(centre + spread * normal(u[0], u[1])));
            const double s = model.nmda.mix_spread;
            const SubunitValues own = shifted_mix(mix, det_exp(-0.5 * s * s + s * normal(u[2], u[3])));
            net.slow_share[i] = static_cast<float>(own[2] + own[3]);
        }
    }
}

// Fixed in-degrees: the whole part always, the fraction by chance. Inhibitory sources first.
void NetworkBuilder::draw_fixed_rows() {
    const size_t n = net.groups.size();
    const PartnerKernel kernel = net.partners.kernel(0);
    const auto count_of = [&](u32 i, size_t t, size_t s) {
        if (t < net.excitatory_groups && s < net.excitatory_groups) return 0U;
        const double k = indegree[t][s], whole = std::floor(k);
        const Draw u = philox(seed(), Stream::kDegree, i, static_cast<u32>(s) + 1, 0);
        return static_cast<u32>(whole) + (unit(u[0]) < k - whole ? 1U : 0U);
    };
    net.fixed_begin.assign(net.neurons + 1, 0);
    net.fixed_inhibitory.assign(net.neurons, 0);
    for (size_t t = 0; t < n; ++t)
        for (u32 i = net.partition.own(t).first; i < net.partition.own(t).last; ++i)
            for (size_t s = 0; s < n; ++s) {
                const u32 k = count_of(i, t, s);
                net.fixed_begin[i + 1] += k;
                if (s >= net.excitatory_groups) net.fixed_inhibitory[i] += k;
            }
    for (size_t i = 0; i < net.neurons; ++i) net.fixed_begin[i + 1] += net.fixed_begin[i];
    net.fixed_source.resize(net.fixed_begin.back());
    for (size_t t = 0; t < n; ++t) {
        const Slice own = net.partition.own(t);
#pragma omp parallel for schedule(dynamic, 256)
        for (u32 i = own.first; i < own.last; ++i) {
            u64 at = net.fixed_begin[i];
            u32 drawn = 0;
            DrawSequence draws(seed(), Stream::kFixedSource, i, 0);
            for (size_t turn = 0; turn < n; ++turn) {  // inhibitory groups first
                const size_t s = (turn + net.excitatory_groups) % n;
                for (u32 k = count_of(i, t, s); k > 0; --k, ++drawn) {
                    const u32 partner = find_partner(kernel, static_cast<u32>(s), i, seed(),
                                                     Stream::kFixedSource, drawn, 0, draws.at(drawn));
                    net.fixed_source.set(at++, partner == kNoPartner ? net.groups[s].first : partner);
                }
            }
        }
    }
}

void NetworkBuilder::take_fixed_rows_of_file() {
    const std::vector<u64>& begin = fixed_graph->begin;
    net.fixed_begin.assign(net.neurons + 1, 0);
    net.fixed_inhibitory.assign(net.neurons, 0);
    for (u32 i = 0; i < net.neurons; ++i)
        net.fixed_begin[i + 1] = net.fixed_begin[i] + (net.partition.owns(i) ? begin[i + 1] - begin[i] : 0);
    net.fixed_source.resize(net.fixed_begin.back());
    const bool weighted = !fixed_graph->weight.empty();
    if (weighted) net.fixed_log_size.resize(net.fixed_begin.back() + kReadAhead);
    for (size_t g = 0; g < net.groups.size(); ++g)
        for (u32 i = net.partition.own(g).first; i < net.partition.own(g).last; ++i) {
            u64 at = net.fixed_begin[i];
            for (const bool inhibitory : {true, false}) {
                for (u64 k = begin[i]; k < begin[i + 1]; ++k)
                    if ((fixed_graph->source[k] >= net.excitatory) == inhibitory) {
                        if (weighted) net.fixed_log_size[at] = size_of_weight(fixed_graph->weight[k]);
                        net.fixed_source.set(at++, fixed_graph->source[k]);
                    }
                if (inhibitory) net.fixed_inhibitory[i] = static_cast<u32>(at - net.fixed_begin[i]);
            }
        }
    fixed_graph.reset();
}

// One excitatory group: the rows of this subject, and on the way the recurrent input of the healthy network
// of the same seed. Slot k of a row has the same source, size and age draw in both, so the two differ by the
// stress only.
void NetworkBuilder::grow_group(size_t g, const Balance& balance, NetworkReport& report) {
    Group& group = net.groups[g];
    const Condition condition = condition_of(model, subject);
    const CountLaw healthy = stationary_counts(model, balance, {}),
                   own = stationary_counts(model, balance, condition);
    const SpineSampler healthy_sizes(model.spine_size, model.pruning, healthy.loss_factor, healthy.sizes);
    const SpineSampler own_sizes(model.spine_size, model.pruning, own.loss_factor, own.sizes);
    const double ratio = own.equilibrium / balance.healthy,
                 steps_per_day = kDay / model.clock.structural_step;
    if (g == 0) report = {balance, ratio, own.sizes.mean_hazard};

    const std::vector<double> healthy_law = cumulative(healthy.probability),
                              own_law = cumulative(own.probability);
    const Slice mine = net.partition.own(g);
    std::vector<u32> healthy_count(group.size());
    for (u32 i = group.first; i < group.last; ++i) {
        const u32 degree =
            plastic_graph ? static_cast<u32>(plastic_graph->begin[i + 1] - plastic_graph->begin[i]) : 0;
        const double mean =
            plastic_graph ? degree
                          : balance.healthy;  // 0: a cell without such input neither lacks nor forms any
        net.healthy[i] = static_cast<float>(mean);
        net.equilibrium[i] = static_cast<float>(mean * ratio);
        net.attempts[i] = static_cast<float>(balance.attempts * mean / balance.healthy);
        net.capacity[i] = static_cast<float>(balance.capacity * mean / balance.healthy);
        net.row_begin[i + 1] = net.row_begin[i];
        if (i < mine.first || i >= mine.last) continue;
        const double u = unit(philox(seed(), Stream::kDegree, i, 0, 0)[0]);
        healthy_count[i - group.first] = plastic_graph ? degree : draw_count(healthy_law, u);
        // A graph has its own in-degrees; a deficit thins them.
        net.live[i] = plastic_graph ? std::min(degree, static_cast<u32>(std::floor(mean * ratio + u)))
                                    : draw_count(own_law, u);
        net.row_begin[i + 1] += row_places(net.live[i], kRowSpare);
    }
    const u64 places = net.row_begin[group.last];
    net.source.resize(places);
    net.log_size.resize(places + kReadAhead);
    net.birth.resize(places + kReadAhead);

    const PartnerKernel kernel = net.partners.kernel(g);
    const double healthy_mean_weight = healthy.sizes.mean_weight;
    std::vector<double> weight;
    for (size_t s = 0; s < net.excitatory_groups; ++s)
        weight.push_back(net.pair_weight(g, s) / healthy_mean_weight);
#pragma omp parallel for schedule(dynamic, 64)
    for (u32 i = mine.first; i < mine.last; ++i) {
        const u32 wanted = healthy_count[i - group.first], n = std::max(wanted, net.live[i]);
        double recurrent = 0.0;
        DrawSequence sizes(seed(), Stream::kInitialSize, i, 0), sources(seed(), Stream::kPlasticSource, i, 0);
        for (u32 k = 0; k < n; ++k) {
            const u64 at = net.row_begin[i] + k;
            const Draw u = sizes.at(k);
            u32 partner = plastic_graph ? plastic_graph->source[plastic_graph->begin[i] + k]
                                        : find_partner(kernel, kAnyGroup, i, seed(), Stream::kPlasticSource,
                                                       k, 0, sources.at(k));
            if (partner == kNoPartner) partner = i == group.first ? i + 1 : group.first;
            std::optional<double> given;  // the size that a user's weight stands for
            if (plastic_graph && !plastic_graph->weight.empty())
                given =
                    starting_size(plastic_graph->weight[plastic_graph->begin[i] + k], healthy_mean_weight);
            if (k < wanted) {
                size_t s = 0;
                while (partner >= net.groups[s].last) ++s;
                const double x = given ? *given : healthy_sizes.size(unit(u[0]));
                recurrent += weight[s] *
                             static_cast<double>(spine_weight(size_to_fixed(x)) * net.baseline_rate[partner]);
            }
            if (k >= net.live[i]) continue;
            const double x = given ? *given : own_sizes.size(unit(u[0])),
                         age = own_sizes.age(x, unit(u[1])) * steps_per_day;
            net.source.set(at, partner);
            net.log_size[at] = size_to_fixed(x);
            net.birth[at] = static_cast<u16>(std::max(0.0, static_cast<double>(kBirthOrigin) - 1.0 - age));
        }
        healthy_recurrent[i] = static_cast<float>(recurrent);
    }
    for (size_t s = 0; s < net.groups.size() && s < net.excitatory_groups;
         ++s)  // from now on e^x is relative to the healthy mean
        net.weight[g * net.groups.size() + s] /= healthy_mean_weight;
}

NetworkReport NetworkBuilder::grow_plastic_rows() {
    net.row_begin.assign(net.excitatory + 1, 0);
    net.live.assign(net.excitatory, 0);
    for (auto* v : {&net.healthy, &net.equilibrium, &net.attempts, &net.capacity, &healthy_recurrent})
        v->assign(net.excitatory, 0.0F);
    if (plastic_graph) shuffle_rows(*plastic_graph, seed());  // stress cuts each row short
    const Condition stressed = condition_of(model, {1.0, Genotype::kValVal, 0.0});
    std::map<double, Balance> solved;
    NetworkReport report;
    for (size_t g = 0; g < net.excitatory_groups; ++g) {
        Group& group = net.groups[g];
        for (size_t s = 0; s < net.excitatory_groups; ++s) group.indegree += indegree[g][s];
        const double healthy = std::max(4.0, group.indegree);
        if (!solved.contains(healthy)) solved[healthy] = solve_balance(model, healthy, stressed);
        grow_group(g, solved[healthy], report);
    }
    net.out_degree.assign(net.excitatory, 0);
    for (size_t i = 0; i < net.excitatory; ++i)
        for (u64 k = net.row_begin[i]; k < net.row_begin[i] + net.live[i]; ++k)
            ++net.out_degree[net.source[k]];
    ranks.exchange(net.partition, 0, net.excitatory_groups, healthy_recurrent);
    return report;
}

// The drive that gives every neuron its baseline rate in the healthy, drug-free network; from here on it is
// frozen.
void NetworkBuilder::solve_external() {
    net.external.resize(net.neurons);
    const FixedRows fixed = net.fixed_rows();
    for (size_t t = 0; t < net.groups.size(); ++t) {
        const Group& g = net.groups[t];
        const PopulationSpec& population = spec.populations[population_of[t]];
        const double given = population.external_indegree * spec.external_rate * spec.external_weight;
        const Slice own = net.partition.own(t);
#pragma omp parallel for schedule(static)
        for (u32 i = own.first; i < own.last; ++i) {
            if (!spec.solve_external) {
                net.external[i] = static_cast<float>(given);
                continue;
            }
            double excitation = i < net.excitatory ? healthy_recurrent[i] : 0.0, inhibition = 0.0;
            for (u64 k = fixed.begin[i]; k < fixed.begin[i + 1]; ++k) {
                size_t s = 0;
                while (fixed.source[k] >= net.groups[s].last) ++s;
                (s < net.excitatory_groups ? excitation : inhibition) +=
                    net.pair_weight(t, s) * net.baseline_rate[fixed.source[k]] *
                    (fixed.log_size.empty() ? 1.0 : static_cast<double>(spine_weight(fixed.log_size[k])));
            }
            net.external[i] =
                static_cast<float>(input_for_rate(g.gain, net.baseline_rate[i]) + inhibition - excitation);
        }
    }
    ranks.exchange(net.partition, 0, net.groups.size(), net.external);
}

}  // namespace respine
