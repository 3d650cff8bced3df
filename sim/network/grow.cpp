// Plastic synapses of a new network, at the equilibrium of its subject.

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/model/error.hpp"
#include "sim/network/network_builder.hpp"
#include "sim/system/remembered.hpp"

namespace respine {

namespace {

constexpr u32 kRowSpare = 8;
constexpr double kFewestSynapses = 4.0;  // of a neuron for which the equilibrium is solved

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

// A state of a group's synapses: their counts, and sizes and ages to draw from.
struct Law {
    CountLaw counts;
    std::vector<double> cumulative_count;
    SpineSampler sizes;

    Law(const PlasticRule& rule, const Balance& balance, const Condition& condition)
        : counts(stationary_counts(rule, balance, condition)),
          cumulative_count(cumulative(counts.probability)),
          sizes(rule, counts.loss_factor, counts.sizes) {}
};

std::shared_ptr<const Law> law_of(const PlasticRule& rule, const Balance& balance,
                                  const Condition& condition) {
    struct Question {
        PlasticRule rule;
        Balance balance;
        Condition condition;
    };
    static Remembered<Question, Law> known(16);
    return known.get({rule, balance, condition}, [&] { return Law(rule, balance, condition); });
}

struct OldLoss {
    double ago, age;  // when it was lost, and how long it had lived then [d]
    u32 source;
    bool mark;  // of inhibitory synapses that of the place; else whether stress took it, not turnover
};

// Remembers losses of a row, the oldest first.
void remember_all(const std::vector<OldLoss>& losses, double steps_per_day, u32 row,
                  const SourceNumbers& numbers, const LostPlaces& places) {
    for (const OldLoss& l : losses) {
        const double step = std::ceil(l.ago * steps_per_day);
        if (step >= static_cast<double>(places.weight.size())) continue;
        const double birth = static_cast<double>(kBirthOrigin) - 1.0 - step - l.age * steps_per_day;
        remember_place(places, row, numbers.in_rows(l.source), static_cast<u16>(std::max(0.0, birth)),
                       loss_stamp(kStampPeriod - static_cast<u32>(step), l.mark));
    }
}

// The rows of one target group: those of this subject, and on the way the input of the healthy network of the
// same seed. Slot k of a row has the same source, size and age draw in both, so the two differ by the stress
// only.
struct GroupRows {
    NetworkBuilder& b;
    PlasticSynapses& p;
    u32 group;
    Balance balance;
    const std::optional<EdgeRows>& given;
    std::shared_ptr<const Law> healthy_law = law_of(p.rule, balance, {}),
                               own_law =
                                   law_of(p.rule, balance, condition_of(b.model.bdnf, p.rule, b.subject));
    const Law &healthy = *healthy_law, &own = *own_law;
    double ratio = own.counts.equilibrium / balance.healthy;
    PartnerKernel kernel = b.net.partners_of(p, group);
    PhiloxKeys keys{p.seed};
    std::vector<double> weight{};      // of a synapse of size 1 from each source group [1/Hz]
    std::vector<u32> healthy_count{};  // of each own neuron of the group

    Group& target() const { return b.net.groups[group]; }
    void count();
    u32 given_degree(u32 neuron) const {
        return given ? static_cast<u32>(given->begin[neuron + 1] - given->begin[neuron]) : 0;
    }
    // Of a healthy neuron; 0: a cell without such input neither lacks nor forms any.
    double mean(u32 neuron) const { return given ? given_degree(neuron) : balance.healthy; }
    float capacity(u32 neuron) const {
        return static_cast<float>(balance.capacity * mean(neuron) / balance.healthy);
    }
    void fill(u32 neuron, NeuronArray<float>& input);
    void remember(u32 neuron);

private:
    u32 healthy_of(u32 neuron) const { return healthy_count[neuron - b.net.partition.own(group).first]; }
    u32 find_source(u32 neuron, u32 slot, const Draw& draw) const;
    std::optional<double> given_size(u32 neuron, u32 slot) const;
};

// How many synapses each neuron has and tends to.
void GroupRows::count() {
    const Slice mine = b.net.partition.own(group);
    healthy_count.resize(mine.size());
    for (u32 i = mine.first; i < mine.last; ++i) {
        const u32 degree = given_degree(i);
        p.healthy[i] = static_cast<float>(mean(i));
        p.equilibrium[i] = static_cast<float>(mean(i) * ratio);
        p.attempts[i] = static_cast<float>(balance.attempts * mean(i) / balance.healthy);
        p.capacity[i] = capacity(i);
        const double u = unit(philox(p.seed, Stream::kDegree, i, 0, 0)[0]);
        healthy_count[i - mine.first] = given ? degree : draw_count(healthy.cumulative_count, u);
        // A graph has its own in-degrees; a deficit thins them.
        p.live[i] = given ? std::min(degree, static_cast<u32>(std::floor(mean(i) * ratio + u)))
                          : draw_count(own.cumulative_count, u);
    }
    for (u32 s = 0; s < b.net.groups.size(); ++s)
        weight.push_back(b.net.projection(group, s).weight / healthy.counts.sizes.mean_weight);
}

u32 GroupRows::find_source(u32 i, u32 slot, const Draw& draw) const {
    const u32 found = given
                          ? given->source[given->begin[i] + slot]
                          : find_partner(kernel, kAnyGroup, i, p.seed, Stream::kPlasticSource, slot, 0, draw);
    if (found != kNoPartner) return found;
    u32 first = 0;  // of the sources
    while (p.group_share[group][b.net.group_of(first)] == 0.0F)
        first = b.net.groups[b.net.group_of(first)].last;
    return i == first ? i + 1 : first;
}

// That a user's weight stands for, within what spines can have.
std::optional<double> GroupRows::given_size(u32 i, u32 slot) const {
    if (!given || given->weight.empty()) return std::nullopt;
    const double relative = positive_weight(given->weight[given->begin[i] + slot]);
    return std::clamp(det_log(relative * healthy.counts.sizes.mean_weight), kSmallestSpine, kLargestSpine);
}

void GroupRows::fill(u32 i, NeuronArray<float>& input) {
    const double steps_per_day = kDay / b.model.clock.structural_step;
    const u32 wanted = healthy_of(i), n = std::max(wanted, p.live[i]);
    double sum = 0.0, present = 0.0;
    DrawSequence sizes(keys, Stream::kInitialSize, i, 0), sources(keys, Stream::kPlasticSource, i, 0);
    for (u32 k = 0; k < n; ++k) {
        const u64 at = p.row_begin[i] + k;
        const Draw u = sizes.at(k);
        const u32 partner = find_source(i, k, sources.at(k));
        const std::optional<double> size = given_size(i, k);
        const auto input_of = [&](double x) {
            return weight[b.net.group_of(partner)] *
                   static_cast<double>(spine_weight(size_to_fixed(x)) * b.net.baseline_rate[partner]);
        };
        if (k < wanted) sum += input_of(size ? *size : healthy.sizes.size(unit(u[0])));
        if (k >= p.live[i]) continue;
        const double x = size ? *size : own.sizes.size(unit(u[0]));
        const bool newborn = own.sizes.newborn(x, unit(u[2]));
        const double age = own.sizes.age(x, newborn, unit(u[1])) * steps_per_day;
        if (b.net.on_spines(p)) present += input_of(x);
        p.source.set(at, b.net.numbers.in_rows(partner));
        p.log_size[at] = size_to_fixed(x);
        if (p.rule.newborn.share > 0.0) p.log_size[at] = marked_size(p.log_size[at], newborn);
        p.birth[at] = static_cast<u16>(std::max(0.0, static_cast<double>(kBirthOrigin) - 1.0 - age));
    }
    input[i] += static_cast<float>(sum);
    b.present_excitation[i] += static_cast<float>(present);
}

// What this neuron lost before the start: what stress took from its healthy row, as long ago as places are
// preferred, and what turned over in the last days.
void GroupRows::remember(u32 i) {
    const double steps_per_day = kDay / b.model.clock.structural_step, tau = p.rule.formation.return_time;
    const bool inhibitory = p.trait == Trait::kInhibitory;
    const SizeDensity& rest = own.counts.sizes;
    const double of_newborns = rest.newborn_share * own.counts.loss_factor * p.rule.newborn.hazard;
    const double per_day = p.live[i] * (inhibitory ? rest.mean_hazard : rest.mean_hazard - of_newborns);
    std::vector<OldLoss> losses;
    DrawSequence draws(keys, Stream::kInitialSize, i, 0), sources(keys, Stream::kPlasticSource, i, 0);
    const auto add = [&](u32 slot, double ago, u32 source, bool stock) {
        const Draw u = draws.at(slot);
        const double x = healthy.sizes.size(unit(u[0]));
        const bool mark = stock ? healthy.sizes.newborn(x, unit(u[2])) : unit(u[2]) < p.rule.newborn.share;
        if (inhibitory || !stock || !mark)
            losses.push_back(
                {ago, healthy.sizes.age(x, mark, unit(u[1])), source, inhibitory ? mark : stock});
    };
    const u32 wanted = healthy_of(i);
    for (u32 k = p.live[i]; k < wanted; ++k)
        add(k, -tau * det_log(unit(draws.at(k)[3])), find_source(i, k, sources.at(k)), true);
    double ago = 0.0;
    for (u32 k = std::max(wanted, p.live[i]), end = k + p.most_lost; k < end && per_day > 0.0; ++k) {
        ago -= det_log(unit(draws.at(k)[3])) / per_day;
        const u32 source =
            find_partner(kernel, kAnyGroup, i, p.seed, Stream::kPlasticSource, k, 0, sources.at(k));
        if (source != kNoPartner) add(k, ago, source, false);
    }
    std::stable_sort(losses.begin(), losses.end(),
                     [](const OldLoss& a, const OldLoss& c) { return a.ago > c.ago; });
    remember_all(losses, steps_per_day, i, b.net.numbers, p.lost_places());
}

// What an axon can hold: as much more than it has in the mean as a dendrite can.
void set_axons(const Network& net, const std::vector<GroupRows>& groups, PlasticSynapses& p) {
    std::vector<double> room(net.groups.size(), 0.0);
    for (const GroupRows& g : groups)
        for (u32 s = 0; s < p.group_share[g.group].size(); ++s) {
            const double share = p.group_share[g.group][s] - (s > 0 ? p.group_share[g.group][s - 1] : 0.0F);
            const Group& target = net.groups[g.group];
            for (u32 i = target.first; i < target.last; ++i) room[s] += share * g.capacity(i);
        }
    p.axonal_capacity = NeuronArray<float>(p.last_source);
    for (u32 s = 0; s < net.groups.size(); ++s) {
        const Slice own = net.partition.own(s);
        const float each = room[s] > 0.0 ? static_cast<float>(room[s] / net.groups[s].size()) : 1.0F;
        for (u32 j = own.first; j < std::min(own.last, p.last_source); ++j) p.axonal_capacity[j] = each;
    }
}

}  // namespace

NetworkReport NetworkBuilder::grow_plastic_rows() {
    for (auto* input : {&healthy_excitation, &healthy_inhibition, &present_excitation})
        *input = NeuronArray<float>(net.neurons);
    NetworkReport report;
    for (u32 k = 0; k < net.plastic.size(); ++k) {
        const NetworkReport own = grow(k);
        if (report.equilibrium == 0.0) report = own;
        given_rows[k].reset();
    }
    return report;
}

// The report is of the first target group.
NetworkReport NetworkBuilder::grow(u32 k) {
    PlasticSynapses& p = net.plastic[k];
    const u32 rows = net.row_count(p);
    p.live = NeuronArray<u32>(rows);
    for (auto* v : {&p.healthy, &p.equilibrium, &p.attempts, &p.capacity}) *v = NeuronArray<float>(rows);
    if (given_rows[k]) shuffle_rows(*given_rows[k], p.seed);  // stress cuts each row short
    const Condition stressed = condition_of(model.bdnf, p.rule, {1.0, Genotype::kValVal, 0.0});
    std::vector<GroupRows> groups;
    for (u32 t : p.targets) {
        double indegree = 0.0;
        for (size_t s = 0; s < net.groups.size(); ++s)
            if (net.projection(t, s).rows == k) indegree += net.projection(t, s).indegree;
        if (indegree == 0.0 && !given_rows[k]) continue;  // no such synapses, and none will form
        const double healthy = std::max(kFewestSynapses, indegree);
        groups.push_back({*this, p, t, solve_balance(p.rule, healthy, stressed), given_rows[k]});
        if (given_rows[k] && groups.back().ratio > 1.005)
            fail(Exit::kUsage,
                 "formation.stressed_equilibrium: stress adds synapses where a file or a graph lists them "
                 "all; take a sheet or a microcircuit, whose partners are drawn");
        groups.back().count();
    }
    RowBorders borders = row_borders(p, net.partition, kRowSpare);
    p.source.resize(borders.places);
    for (auto* v : {&p.log_size, &p.birth}) v->resize(borders.places + kReadAhead);
    p.row_begin = std::move(borders.begin);
    make_lost_rows(p);
    for (GroupRows& g : groups) {
        const Slice mine = net.partition.own(g.group);
        NeuronArray<float>& input = p.trait == Trait::kExcitatory ? healthy_excitation : healthy_inhibition;
#pragma omp parallel for schedule(dynamic, 64)
        for (u32 i = mine.first; i < mine.last; ++i) {
            g.fill(i, input);
            if (!p.lost.empty()) g.remember(i);
        }
        // From now on e^x is relative to the healthy mean.
        for (size_t s = 0; s < net.groups.size(); ++s)
            if (net.projection(g.group, s).rows == k)
                net.projection(g.group, s).weight /= g.healthy.counts.sizes.mean_weight;
    }
    p.out_degree = NeuronArray<u32>(net.numbers.count(p.last_source));
    for (const Slice s : net.partition.own(p.targets))
        for (u32 i = s.first; i < s.last; ++i)
            for (u64 at = p.row_begin[i]; at < p.row_begin[i] + p.live[i]; ++at) ++p.out_degree[p.source[at]];
    if (k > 0) set_axons(net, groups, p);
    p.axonal_vacancy = NeuronArray<float>(p.last_source);
    for (const Slice s : net.known_below(p.last_source))
        std::ranges::fill(part_of(p.axonal_vacancy, s), 1.0F);
    if (groups.empty()) return {};
    const GroupRows& first = groups.front();
    return {first.balance, first.ratio, first.own.counts.sizes.mean_hazard};
}

}  // namespace respine
