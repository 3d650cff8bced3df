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
    constexpr float kRemembered = 0.5F, kFewest = 16.0F;
    const FormationParams& rule = p.rule.formation;
    if (rule.return_share == 0.0) return;
    const float healthy = *std::max_element(p.healthy.begin(), p.healthy.end());
    p.most_lost = static_cast<u32>(std::max(kFewest, std::ceil(kRemembered * healthy)));
    p.lost_weight = place_weights(rule.return_time, model.clock.structural_step / kDay);
    PlasticSynapses rows;
    rows.name = p.name + "_lost";
    rows.trait = p.trait;
    rows.targets = p.targets;
    rows.last_source = p.last_source;
    rows.live.assign(p.live.size(), 0);
    rows.row_begin = row_borders(rows, net.partition, p.most_lost);
    rows.source.resize(rows.row_begin.back());
    for (auto* v : {&rows.log_size, &rows.birth}) v->resize(rows.row_begin.back() + kReadAhead);
    rows.out_degree.assign(rows.last_source, 0);
    p.lost.push_back(std::move(rows));
}

bool NetworkBuilder::matches_counts() const {
    return std::any_of(net.plastic.begin(), net.plastic.end(),
                       [&](const PlasticSynapses& p) { return net.matches_counts(p); });
}

// Cells that stress has taken excitation from begin with as many inhibitory synapses less.
void NetworkBuilder::match_start() {
    const std::vector<float> unchanged(net.excitatory, 1.0F);
    std::vector<float> factor(net.excitatory);
    for (PlasticSynapses& p : net.plastic) {
        if (!net.matches_counts(p)) continue;
        match_inhibition(p.rule.formation.matching,
                         {unchanged, present_excitation, net.healthy_recurrent, net.external}, factor);
        for (const u32 g : p.targets)
            for (u32 i = net.partition.own(g).first; i < net.partition.own(g).last; ++i) {
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
