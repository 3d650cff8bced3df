#include "sim/coordination/response_matrix.hpp"

#include <cmath>

namespace respine {

namespace {

// Calls add(source, weight) for each synapse onto a neuron of group `t`, with what it passes on of its
// source's rate [1/Hz]: the terms of x in rates.hpp.
void for_inputs(const Simulation& sim, size_t t, u32 i, const std::vector<u32>& group_of, const auto& add) {
    const Network& net = sim.network();
    const RateGroup& rates = sim.rate_groups()[t];
    const double excitation = excitation_factor(rates, neuron_block(rates, net.slow_share[i])),
                 inhibition = -sim.matched_inhibition(i);
    const auto weight_from = [&](u32 source) {
        return net.projection(t, group_of[source]).weight * sim.received(t, group_of[source]);
    };
    const FixedRows fixed = net.fixed_rows();
    for (u64 k = fixed.begin[i]; k < fixed.begin[i + 1]; ++k) {
        const bool inhibitory = k < fixed.begin[i] + fixed.inhibitory[i];
        const double size =
            fixed.log_size.empty() ? 1.0 : static_cast<double>(spine_weight(fixed.log_size[k]));
        const u32 source = fixed.source[k];
        add(source, (inhibitory ? inhibition : excitation) * size * weight_from(source));
    }
    const bool excitatory = t < net.excitatory_groups;
    const double strengthened = excitatory ? static_cast<double>(sim.state().potentiation[i]) : 1.0;
    for (const PlasticSynapses& p : net.plastic) {
        if (!p.targets_group(t)) continue;
        const double passed = p.trait == Trait::kInhibitory ? inhibition : excitation * strengthened;
        for (u64 at = p.row_begin[i]; at < p.row_begin[i] + p.live[i]; ++at)
            add(p.source[at],
                passed * static_cast<double>(spine_weight(p.log_size[at])) * weight_from(p.source[at]));
    }
}

std::vector<u32> groups_of_neurons(const Network& net) {
    std::vector<u32> group(net.neurons);
    for (u32 g = 0; g < net.groups.size(); ++g)
        for (u32 i = net.groups[g].first; i < net.groups[g].last; ++i) group[i] = g;
    return group;
}

}  // namespace

ResponseMatrix response_matrix(const Simulation& sim) {
    const Network& net = sim.network();
    const std::vector<u32> group = groups_of_neurons(net);
    ResponseMatrix m;
    m.j.begin.assign(1, 0);
    for (u32 i = 0; i < net.neurons; ++i) {
        const size_t t = group[i];
        const double slope = rate_slope(net.groups[t].gain, static_cast<double>(sim.state().rate[i]));
        for_inputs(sim, t, i, group, [&](u32 source, double passed) {
            if (passed == 0.0) return;
            m.j.source.push_back(source);
            m.j.weight.push_back(static_cast<float>(slope * passed));
        });
        m.j.begin.push_back(m.j.source.size());
        m.slope.push_back(slope);
        m.noise.push_back(slope * std::sqrt(sim.model().coordination.noise));
    }
    m.transposed = {std::vector<u64>(net.neurons + 1), std::vector<u32>(m.j.source.size()),
                    std::vector<float>(m.j.weight.size())};
    transpose_rows(m.j.rows(), m.transposed.begin, m.transposed.source, m.transposed.weight);
    return m;
}

}  // namespace respine
