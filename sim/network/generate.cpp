#include "sim/network/generate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/plasticity/stress.hpp"
#include "sim/model/error.hpp"
#include "sim/network/geometry.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

// Neurons of each (population, type), largest remainders to the last.
void NetworkBuilder::make_groups() {
    const double total = counted() ? 0.0
                         : graph   ? static_cast<double>(graph->ids.size())
                                   : scenario.network.neurons;
    u32 first = 0;
    for (size_t p = 0; p < spec.populations.size(); ++p) {
        const PopulationSpec& population = spec.populations[p];
        double cumulative = 0.0;
        const double size = counted() ? std::round(population.neurons * scenario.network.scale)
                                      : std::round(population.share * total);
        u32 done = 0;
        for (size_t t = 0; t < kCellTypes; ++t) {
            if (population.types[t] == 0.0) continue;
            cumulative += population.types[t];
            u32 count = static_cast<u32>(std::lround(size * cumulative)) - done;
            done += count;
            if (graph)
                count = static_cast<u32>(
                    std::count(graph->types.begin(), graph->types.end(), static_cast<CellType>(t)));
            if (count == 0) continue;
            const bool single = population.types[t] == 1.0, excitatory = t == 0;
            net.groups.push_back(
                {single ? population.name : population.name + "_" + std::string(kCellTypeNames[t]),
                 population.name, static_cast<CellType>(t), first, first + count,
                 excitatory ? spec.gain_e : spec.gain_i, excitatory ? spec.tau_e : spec.tau_i,
                 population.rate, 0.0});
            population_of.push_back(p);
            first += count;
            if (excitatory) {
                net.excitatory = first;
                net.excitatory_groups = net.groups.size();
            }
        }
    }
    net.neurons = first;
    if (net.neurons > kMostNeurons)
        fail(Exit::kUsage, "{}: error: the network has {} neurons; at most {} have a number", scenario.file,
             net.neurons, kMostNeurons);
    if (net.excitatory < 2)
        fail(Exit::kUsage, "{}: error: the network has {} excitatory neurons; at least 2 are needed",
             scenario.file, net.excitatory);
    net.x.assign(net.neurons, 0.0F);
    net.y.assign(net.neurons, 0.0F);
    net.z.assign(net.neurons, 0.0F);
}

// A user's neurons get numbers group by group, in a group along the curve (or in file order without
// positions).
void NetworkBuilder::order_file_neurons() {
    std::vector<u32> rank(net.neurons, 0);
    if (!graph->x.empty()) {
        const PositionGrid grid = grid_of_positions(graph->x, graph->y);
        const std::vector<u32> along_curve = hilbert_ranks(grid.nx, grid.ny);
        for (size_t i = 0; i < net.neurons; ++i) {
            const u32 cx = std::min(static_cast<u32>((graph->x[i] - grid.x0) / grid.edge), grid.nx - 1);
            const u32 cy = std::min(static_cast<u32>((graph->y[i] - grid.y0) / grid.edge), grid.ny - 1);
            rank[i] = along_curve[cx + grid.nx * cy];
        }
    }
    file_order.resize(net.neurons);
    std::iota(file_order.begin(), file_order.end(), 0U);
    std::stable_sort(file_order.begin(), file_order.end(), [&](u32 a, u32 b) {
        return graph->types[a] != graph->types[b] ? graph->types[a] < graph->types[b] : rank[a] < rank[b];
    });
    for (size_t i = 0; i < net.neurons; ++i) {
        net.ids.push_back(graph->ids[file_order[i]]);
        if (graph->x.empty()) continue;
        net.x[i] = graph->x[file_order[i]];
        net.y[i] = graph->y[file_order[i]];
        net.z[i] = graph->z[file_order[i]];
    }
}

namespace {

size_t group_of(const std::vector<Group>& groups, u32 neuron) {
    size_t g = 0;
    while (neuron >= groups[g].last) ++g;
    return g;
}

// Weights over the mean of their pair of groups: how strong a pair is remains the model's, so only what is
// uneven within it counts.
void make_relative(const std::vector<Group>& groups, EdgeRows& rows) {
    if (rows.weight.empty()) return;
    std::vector<double> sum(groups.size()), count(groups.size());
    for (const Group& target : groups) {
        const size_t last = std::min<size_t>(target.last, rows.targets());
        if (target.first >= last) continue;
        std::fill(sum.begin(), sum.end(), 0.0);
        std::fill(count.begin(), count.end(), 0.0);
        for (u64 k = rows.begin[target.first]; k < rows.begin[last]; ++k) {
            const size_t g = group_of(groups, rows.source[k]);
            sum[g] += static_cast<double>(rows.weight[k]);
            count[g] += 1.0;
        }
        for (u64 k = rows.begin[target.first]; k < rows.begin[last]; ++k) {
            const size_t g = group_of(groups, rows.source[k]);
            rows.weight[k] = sum[g] > 0.0
                                 ? static_cast<float>(static_cast<double>(rows.weight[k]) * count[g] / sum[g])
                                 : 1.0F;
        }
    }
}

}  // namespace

void NetworkBuilder::split_file_edges() {
    std::vector<u32> place_of_file(net.neurons);
    for (u32 i = 0; i < net.neurons; ++i) place_of_file[file_order[i]] = i;
    std::vector<std::pair<u32, u32>> edges[2];  // fixed, plastic
    std::vector<float> weights[2];
    for (size_t k = 0; k < graph->edges.size(); ++k) {
        const u32 s = place_of_file[graph->edges[k].first], t = place_of_file[graph->edges[k].second];
        const bool plastic = s < net.excitatory && t < net.excitatory;
        edges[plastic].emplace_back(s, t);
        if (!graph->weights.empty()) weights[plastic].push_back(graph->weights[k]);
    }
    fixed_graph = rows_of_edges(net.neurons, edges[0], weights[0]);
    plastic_graph = rows_of_edges(net.excitatory, edges[1], weights[1]);
    for (EdgeRows* rows : {&*fixed_graph, &*plastic_graph}) make_relative(net.groups, *rows);
}

void NetworkBuilder::place() {
    if (spec.kind == NetworkKind::kSheet) {
        place_sheet(spec, seed(), net);
    } else if (spec.kind == NetworkKind::kSmallWorld) {
        place_ring(static_cast<u32>(indegree[0][0]) / 2, spec.rewiring, net);
    } else if (spec.kind == NetworkKind::kFile && !graph->x.empty()) {
        place_given(spec, grid_of_positions(graph->x, graph->y), net);
    } else {
        const double side =
            counted() ? std::sqrt(scenario.network.scale) * 1000.0
                      : std::sqrt(static_cast<double>(net.neurons) / spec.density * 1e9 / spec.thickness);
        place_well_mixed(spec, side, seed(), net);
    }
    for (size_t t = 0; t < net.excitatory_groups; ++t) {  // shares of the excitatory source groups
        std::vector<float> cumulative;
        double sum = 0.0, total = 0.0;
        for (size_t s = 0; s < net.excitatory_groups; ++s) total += indegree[t][s];
        for (size_t s = 0; s < net.excitatory_groups; ++s) {
            sum += total > 0.0 ? indegree[t][s] / total : 1.0 / static_cast<double>(net.excitatory_groups);
            cumulative.push_back(static_cast<float>(sum));
        }
        net.partners.group_share.push_back(cumulative);
    }
    build_voxels(model.glutamate.voxel, net);
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
    indegree.assign(n, std::vector<double>(n, 0.0));
    std::vector<double> population_size(spec.populations.size(), 0.0);
    for (size_t s = 0; s < n; ++s) population_size[population_of[s]] += net.groups[s].size();
    for (size_t t = 0; t < n; ++t)
        for (size_t s = 0; s < n; ++s) {
            const size_t pt = population_of[t], ps = population_of[s];
            const double k = graph ? 0.0 : mean_indegree(spec, scenario.network, pt, ps);
            indegree[t][s] = k * net.groups[s].size() / population_size[ps];
        }
    const auto count_rows = [&](const EdgeRows& rows) {
        for (size_t t = 0; t < n; ++t) {
            std::vector<double> found(n, 0.0);
            for (u32 i = net.groups[t].first; i < net.groups[t].last && i < rows.targets(); ++i)
                for (u64 k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
                    for (size_t s = 0; s < n; ++s)
                        if (rows.source[k] >= net.groups[s].first && rows.source[k] < net.groups[s].last)
                            found[s] += 1.0;
            for (size_t s = 0; s < n; ++s) indegree[t][s] += found[s] / net.groups[t].size();
        }
    };
    if (graph) {
        count_rows(*plastic_graph);
        count_rows(*fixed_graph);
    }
}

void NetworkBuilder::set_weights() {
    const size_t n = net.groups.size();
    net.weight.assign(n * n, 0.0);
    net.summed_weight.assign(n * n, 0.0);
    std::vector<double> population_k(spec.populations.size());
    for (size_t t = 0; t < n; ++t) {
        std::fill(population_k.begin(), population_k.end(), 0.0);
        for (size_t s = 0; s < n; ++s) population_k[population_of[s]] += indegree[t][s];
        for (size_t s = 0; s < n; ++s) {
            const double w = spec.weight[population_of[t]][population_of[s]] * spec.recurrent_weight;
            const double k = population_k[population_of[s]];
            net.weight[t * n + s] = counted() ? w : k > 0.0 ? w / k : 0.0;
            net.summed_weight[t * n + s] = net.weight[t * n + s] * indegree[t][s];
        }
    }
}

double basal_bdnf(const BdnfParams& p, const SubjectState& s) {
    const double genotype = s.genotype == Genotype::kMetMet   ? p.met_met
                            : s.genotype == Genotype::kValMet ? p.val_met
                                                              : 1.0;
    return basal_release(p, s.severity, genotype, s.inflammation);
}

Condition condition_of(const Model& model, const SubjectState& s) {
    return {stress_factor(model.formation.stress, s.severity) * basal_bdnf(model.bdnf, s),
            stressed_elimination(model.pruning, s.severity)};
}

// A neuron costs its synapses, and some work of its own.
void NetworkBuilder::share_out() {
    constexpr double kNeuron = 16.0;  // in synapses
    std::vector<Slice> slices;
    for (const Group& g : net.groups) slices.push_back({g.first, g.last});
    std::vector<double> load;
    if (graph) {
        load.assign(net.neurons, kNeuron);
        for (const auto* rows : {&*plastic_graph, &*fixed_graph})
            for (size_t i = 0; i < rows->targets(); ++i)
                load[i] += static_cast<double>(rows->begin[i + 1] - rows->begin[i]);
    }
    net.partition = Partition(slices, ranks.rank(), ranks.size(), load);
}

Network build_network(const Scenario& scenario, const Model& model, const NetworkSpec& spec,
                      const SubjectState& subject, const GraphFile* graph, NetworkReport* report,
                      Ranks& ranks) {
    NetworkBuilder b{.scenario = scenario,
                     .model = model,
                     .spec = spec,
                     .subject = subject,
                     .graph = graph,
                     .ranks = ranks};
    b.net.kind = spec.kind;
    b.make_groups();
    if (graph) {
        b.order_file_neurons();
        b.split_file_edges();
    }
    b.share_out();
    b.set_indegrees();
    const Group& first = b.net.groups[0];
    if (spec.kind == NetworkKind::kSmallWorld)
        b.plastic_graph = small_world_edges(first.size(), static_cast<u32>(std::lround(b.indegree[0][0])),
                                            spec.rewiring, scenario.seed);
    if (spec.kind == NetworkKind::kRandom)
        b.plastic_graph = random_edges(first.size(), b.indegree[0][0], scenario.seed);
    b.place();
    b.set_weights();
    b.draw_heterogeneity();
    if (graph)
        b.take_fixed_rows_of_file();
    else
        b.draw_fixed_rows();
    const NetworkReport found = b.grow_plastic_rows();
    b.solve_external();
    b.net.inhibitory_matching = spec.inhibitory_matching;
    if (spec.inhibitory_matching > 0.0) b.net.healthy_recurrent = std::move(b.healthy_recurrent);
    if (report) *report = found;
    return std::move(b.net);
}

}  // namespace respine
