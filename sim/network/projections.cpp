// The projections between the groups of a new network: which synapses each has, how many and how strong.

#include <algorithm>
#include <cmath>

#include "kernels/numerics/random.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

namespace {

// The rule of a projection: the model's, but for the parameters that it has itself.
PlasticRule rule_of(const ProjectionSpec& p, Model model) {
    for (const ParameterRow& row : parameters_of(model))
        for (const auto& [path, value] : p.parameters)
            if (row.path == path) *row.value = value;
    return rule_of(model);
}

}  // namespace

u32 NetworkBuilder::add_plastic(const std::string& name, const PlasticRule& rule, Trait trait) {
    const u32 number = static_cast<u32>(net.plastic.size());
    const Draw own = philox(seed(), Stream::kProjection, number, 0, 0);
    PlasticSynapses& p = net.plastic.emplace_back();
    p.name = name;
    p.rule = rule;
    p.seed = number == 0 ? seed() : own[0] | (u64{own[1]} << 32);
    p.trait = trait;
    return number;
}

// What the network's file says of a pair of populations.
void NetworkBuilder::apply(const ProjectionSpec& p) {
    const size_t n = net.groups.size();
    u32 rows = kFixedRows;
    if (p.structure == Structure::kPlastic)
        rows = add_plastic(p.source_name + "_" + p.target_name, rule_of(p, model),
                           spec.populations[p.source].excitatory() ? Trait::kExcitatory : Trait::kInhibitory);
    if (p.every) net.plastic[rows].every = *p.every;
    for (size_t t = 0; t < n; ++t)
        for (size_t s = 0; s < n; ++s) {
            if (population_of[t] != p.target || population_of[s] != p.source) continue;
            if (p.structure) net.projection(t, s).rows = rows;
            net.projection(t, s).reach = p.reach.value_or(net.projection(t, s).reach);
        }
}

// Which synapses each pair of groups has: from E to E in one region the recurrent ones, else fixed ones,
// unless the network's file says something else.
void NetworkBuilder::make_projections() {
    const size_t n = net.groups.size();
    net.projections.assign(n * n, {});
    const u32 recurrent = add_plastic("recurrent", rule_of(model), Trait::kExcitatory);
    for (size_t t = 0; t < n; ++t)
        for (size_t s = 0; s < n; ++s) {
            const bool together = net.groups[t].region == net.groups[s].region,
                       excitatory = t < net.excitatory_groups && s < net.excitatory_groups;
            net.projection(t, s).rows = together && excitatory ? recurrent : kFixedRows;
            net.projection(t, s).reach = together ? Reach::kNear : Reach::kAnywhere;
        }
    for (const ProjectionSpec& p : spec.projections) apply(p);
    for (u32 t = 0; t < n; ++t)
        for (u32 s = 0; s < n; ++s) {
            if (net.projection(t, s).rows == kFixedRows) continue;
            PlasticSynapses& own = net.plastic[net.projection(t, s).rows];
            if (!own.targets_group(t)) own.targets.push_back(t);
            own.last_source = std::max(own.last_source, net.groups[s].last);
        }
    net.recurrent().last_source = static_cast<u32>(net.excitatory);
    given_rows.resize(net.plastic.size());
}

// Of the synapses that form on a group, the share that comes from each source group.
void NetworkBuilder::share_sources() {
    for (u32 k = 0; k < net.plastic.size(); ++k) {
        PlasticSynapses& p = net.plastic[k];
        p.group_share.resize(net.groups.size());
        for (u32 t : p.targets) {
            const auto of = [&](u32 s) {
                const Projection& pair = net.projection(t, s);
                return pair.rows == k ? pair.indegree : 0.0;
            };
            double sum = 0.0, total = 0.0, sources = 0.0;
            u32 last = 0;
            for (u32 s = 0; s < net.groups.size(); ++s) {
                total += of(s);
                if (net.projection(t, s).rows == k) sources += 1.0, last = s;
            }
            for (u32 s = 0; s <= last; ++s) {
                const bool own = net.projection(t, s).rows == k;
                sum += total > 0.0 ? of(s) / total : own ? 1.0 / sources : 0.0;
                p.group_share[t].push_back(static_cast<float>(sum));
            }
        }
    }
}

double mean_indegree(const NetworkSpec& spec, const NetworkChoice& choice, size_t target, size_t source) {
    if (!spec.counted()) return spec.indegree[target][source] * choice.synapses_per_neuron;
    // K = ln(1 - C) / ln(1 - 1/(Nt Ns)) / Nt of the full network, at any scale: fewer, stronger synapses
    // would be chaotic
    const double nt = spec.populations[target].neurons, ns = spec.populations[source].neurons;
    return std::log1p(-spec.indegree[target][source]) / std::log1p(-1.0 / (nt * ns)) / nt;
}

void NetworkBuilder::set_indegrees() {
    const size_t n = net.groups.size();
    std::vector<double> population_size(spec.populations.size(), 0.0);
    for (size_t s = 0; s < n; ++s) population_size[population_of[s]] += net.groups[s].size();
    for (size_t t = 0; t < n; ++t)
        for (size_t s = 0; s < n; ++s) {
            const size_t pt = population_of[t], ps = population_of[s];
            const double k = graph ? 0.0 : mean_indegree(spec, scenario.network, pt, ps);
            net.projection(t, s).indegree = k * net.groups[s].size() / population_size[ps];
        }
    const auto count_rows = [&](const EdgeRows& rows) {
        for (size_t t = 0; t < n; ++t) {
            std::vector<double> found(n, 0.0);
            for (u32 i = net.groups[t].first; i < net.groups[t].last && i < rows.targets(); ++i)
                for (u64 k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
                    found[net.group_of(rows.source[k])] += 1.0;
            for (size_t s = 0; s < n; ++s) net.projection(t, s).indegree += found[s] / net.groups[t].size();
        }
    };
    if (!graph) return;
    for (const auto& rows : given_rows) count_rows(*rows);
    count_rows(*fixed_graph);
}

void NetworkBuilder::set_weights() {
    const size_t n = net.groups.size();
    std::vector<double> population_k(spec.populations.size());
    for (size_t t = 0; t < n; ++t) {
        std::fill(population_k.begin(), population_k.end(), 0.0);
        for (size_t s = 0; s < n; ++s) population_k[population_of[s]] += net.projection(t, s).indegree;
        for (size_t s = 0; s < n; ++s) {
            Projection& pair = net.projection(t, s);
            const double w = spec.weight[population_of[t]][population_of[s]] * spec.recurrent_weight;
            const double k = population_k[population_of[s]];
            pair.weight = counted() ? w : k > 0.0 ? w / k : 0.0;
            pair.summed_weight = pair.weight * pair.indegree;
        }
    }
}

}  // namespace respine
