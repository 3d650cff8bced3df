// What a new network has that does not change: rates and receptors of its neurons, fixed synapses, and the
// external drive that goes with all of them.

#include <algorithm>
#include <cmath>

#include "kernels/activity/rates.hpp"
#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

void NetworkBuilder::draw_heterogeneity() {
    net.baseline_rate = NeuronArray<float>(net.neurons);
    net.slow_share = NeuronArray<float>(net.neurons);
    for (const Slice part : net.known_by_group()) {
        const Group& g = net.groups[net.group_of(part.first)];
        const double spread = spec.solve_external ? spec.rate_spread : 0.0, centre = -0.5 * spread * spread;
        for (u32 i = part.first; i < part.last; ++i) {
            const Draw u = philox(seed(), Stream::kHeterogeneity, i, 0, 0);
            net.baseline_rate[i] =
                static_cast<float>(g.baseline_rate * det_exp(centre + spread * normal(u[0], u[1])));
            const double s = model.nmda.mix_spread;
            const SubunitValues own =
                shifted_mix(g.receptors.mix, det_exp(-0.5 * s * s + s * normal(u[2], u[3])));
            net.slow_share[i] = static_cast<float>(own[2] + own[3]);
        }
    }
}

// Fixed in-degrees: the whole part always, the fraction by chance. Inhibitory sources first.
void NetworkBuilder::draw_fixed_rows() {
    const size_t n = net.groups.size();
    const auto count_of = [&](u32 i, size_t t, size_t s) {
        if (net.projection(t, s).rows != kFixedRows) return 0U;
        const double k = net.projection(t, s).indegree, whole = std::floor(k);
        const Draw u = philox(seed(), Stream::kDegree, i, static_cast<u32>(s) + 1, 0);
        return static_cast<u32>(whole) + (unit(u[0]) < k - whole ? 1U : 0U);
    };
    net.fixed_begin = NeuronArray<u64>(net.neurons + 1);
    net.fixed_inhibitory = NeuronArray<u32>(net.neurons);
    u64 places = 0;
    for (size_t t = 0; t < n; ++t) {
        const Slice own = net.partition.own(t);
        if (own.size() > 0) net.fixed_begin[own.first] = places;
        for (u32 i = own.first; i < own.last; net.fixed_begin[++i] = places)
            for (size_t s = 0; s < n; ++s) {
                const u32 k = count_of(i, t, s);
                places += k;
                if (s >= net.excitatory_groups) net.fixed_inhibitory[i] += k;
            }
    }
    net.fixed_source.resize(places);
    const PhiloxKeys keys(seed());
    for (size_t t = 0; t < n; ++t) {
        const Slice own = net.partition.own(t);
        std::vector<PartnerKernel> kernels;
        for (size_t s = 0; s < n; ++s) kernels.push_back(net.partners_of(t, s));
#pragma omp parallel for schedule(dynamic, 256)
        for (u32 i = own.first; i < own.last; ++i) {
            u64 at = net.fixed_begin[i];
            u32 drawn = 0;
            DrawSequence draws(keys, Stream::kFixedSource, i, 0);
            for (size_t turn = 0; turn < n; ++turn) {  // inhibitory groups first
                const size_t s = (turn + net.excitatory_groups) % n;
                for (u32 k = count_of(i, t, s); k > 0; --k, ++drawn) {
                    const u32 partner = find_partner(kernels[s], static_cast<u32>(s), i, seed(),
                                                     Stream::kFixedSource, drawn, 0, draws.at(drawn));
                    net.fixed_source.set(
                        at++, net.numbers.in_rows(partner == kNoPartner ? net.groups[s].first : partner));
                }
            }
        }
    }
}

// The drive that gives every neuron its baseline rate in the healthy, drug-free network; from here on it is
// frozen.
void NetworkBuilder::solve_external() {
    net.external = NeuronArray<float>(net.neurons);
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
            double excitation = healthy_excitation[i], inhibition = healthy_inhibition[i];
            for (u64 k = fixed.begin[i]; k < fixed.begin[i + 1]; ++k) {
                const u32 source = net.numbers.neuron(fixed.source[k]);
                const size_t s = net.group_of(source);
                (s < net.excitatory_groups ? excitation : inhibition) +=
                    net.projection(t, s).weight * net.baseline_rate[source] *
                    (fixed.log_size.empty() ? 1.0 : static_cast<double>(spine_weight(fixed.log_size[k])));
            }
            net.external[i] =
                static_cast<float>(input_for_rate(g.gain, net.baseline_rate[i]) + inhibition - excitation);
        }
    }
}

}  // namespace respine
