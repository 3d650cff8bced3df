// What plastic synapses have that most networks do without: the memory of lost places, and inhibitory counts
// that match excitation from the start.

#include <algorithm>
#include <cmath>

#include "kernels/activity/rates.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

// Empty rows for the places that neurons will remember: half as many as a healthy neuron has synapses.
void NetworkBuilder::make_lost_rows(PlasticSynapses& p) {
    constexpr float kRemembered = 0.5F;
    constexpr u64 kFewest = 16;
    const FormationParams& rule = p.rule.formation;
    if (rule.return_share == 0.0) return;
    u64 most = 0;  // no more than one neuron has
    for (const Slice s : net.partition.own(p.targets))
        for (const float healthy : part_of(p.healthy, s))
            most = std::max(most, static_cast<u64>(std::ceil(kRemembered * healthy)));
    p.most_lost = static_cast<u32>(std::max(kFewest, ranks.most(most)));
    p.lost_weight = place_weights(rule.return_time, model.clock.structural_step / kDay);
    PlasticSynapses rows;
    rows.name = p.name + "_lost";
    rows.trait = p.trait;
    rows.targets = p.targets;
    rows.last_source = p.last_source;
    rows.live = NeuronArray<u32>(p.live.size());
    RowBorders borders = row_borders(rows, net.partition, p.most_lost);
    rows.source.resize(borders.places);
    for (auto* v : {&rows.log_size, &rows.birth}) v->resize(borders.places + kReadAhead);
    rows.row_begin = std::move(borders.begin);
    rows.out_degree = NeuronArray<u32>(net.numbers.count(p.last_source));
    p.lost.push_back(std::move(rows));
}

bool NetworkBuilder::matches_counts() const {
    return std::any_of(net.plastic.begin(), net.plastic.end(),
                       [&](const PlasticSynapses& p) { return net.matches_counts(p); });
}

// H of the matching, of the neurons that have one.
void NetworkBuilder::keep_healthy_excitation() {
    net.healthy_recurrent = NeuronArray<float>(net.excitatory);
    for (const Slice s : net.partition.own(0, net.excitatory_groups))
        std::ranges::copy(part_of(healthy_excitation, s), part_of(net.healthy_recurrent, s).begin());
}

// Cells that stress has taken excitation from begin with as many inhibitory synapses less.
void NetworkBuilder::match_start() {
    const std::vector<Slice> own = net.partition.own(0, net.excitatory_groups);
    NeuronArray<float> unchanged(net.excitatory), factor(net.excitatory);
    for (const Slice s : own) std::ranges::fill(part_of(unchanged, s), 1.0F);
    for (PlasticSynapses& p : net.plastic) {
        if (!net.matches_counts(p)) continue;
        for (const Slice s : own)
            match_inhibition(p.rule.formation.matching,
                             {part_of(unchanged, s), part_of(present_excitation, s),
                              part_of(net.healthy_recurrent, s), part_of(net.external, s)},
                             part_of(factor, s));
        for (const Slice s : net.partition.own(p.targets))
            for (u32 i = s.first; i < s.last; ++i) {
                const double u = unit(philox(p.seed, Stream::kDegree, i, 1, 0)[0]);
                const u32 kept =
                    std::min(p.live[i], static_cast<u32>(p.live[i] * static_cast<double>(factor[i]) + u));
                for (u64 at = p.row_begin[i] + kept; at < p.row_begin[i] + p.live[i]; ++at)
                    --p.out_degree[p.source[at]];
                p.live[i] = kept;
            }
    }
}

}  // namespace respine
