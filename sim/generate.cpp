#include "sim/generate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "kernels/elementary.hpp"
#include "kernels/rates.hpp"
#include "sim/error.hpp"
#include "sim/geometry.hpp"

namespace respine {

namespace {

constexpr u32 kRowSpare = 8;

struct Builder {
    const Scenario& scenario;
    const Model& model;
    const NetworkSpec& spec;
    const SubjectState& subject;
    const GraphFile* graph;
    Network net{};
    std::vector<size_t> population_of{};         // of each group
    std::vector<std::vector<double>> indegree{};  // [target group][source group]: mean fixed or plastic in-degree
    std::optional<EdgeRows> plastic_graph{};     // healthy E-to-E rows, for graph kinds
    std::optional<EdgeRows> fixed_graph{};       // all other rows, for kind file
    std::vector<u32> file_order{};               // kind file: place in the file of each neuron

    u64 seed() const { return scenario.seed; }
    bool counted() const { return spec.kind == "microcircuit"; }

    void make_groups();
    void order_file_neurons();
    void place();
    void set_indegrees();
    void set_weights();
    void draw_heterogeneity();
    void draw_fixed_rows();
    void take_fixed_rows_of_file();
    void split_file_edges();
    NetworkReport grow_plastic_rows();
    void grow_group(size_t g, const Balance& balance, NetworkReport& report);
    void solve_external();

    std::vector<float> healthy_recurrent{};
};

// Neurons of each (population, type), largest remainders to the last.
void Builder::make_groups() {
    const double total = counted() ? 0.0 : graph ? static_cast<double>(graph->ids.size()) : scenario.network.neurons;
    u32 first = 0;
    for (size_t p = 0; p < spec.populations.size(); ++p) {
        const PopulationSpec& population = spec.populations[p];
        double cumulative = 0.0;
        const double size = counted() ? std::round(population.neurons * scenario.network.scale) : std::round(population.share * total);
        u32 done = 0;
        for (size_t t = 0; t < kCellTypes; ++t) {
            if (population.types[t] == 0.0) continue;
            cumulative += population.types[t];
            u32 count = static_cast<u32>(std::lround(size * cumulative)) - done;
            done += count;
            if (graph) count = static_cast<u32>(std::count(graph->types.begin(), graph->types.end(), static_cast<CellType>(t)));
            if (count == 0) continue;
            const bool single = population.types[t] == 1.0, excitatory = t == 0;
            net.groups.push_back({single ? population.name : population.name + "_" + std::string(kCellTypeNames[t]), population.name,
                                  static_cast<CellType>(t), first, first + count, excitatory ? spec.gain_e : spec.gain_i,
                                  excitatory ? spec.tau_e : spec.tau_i, population.rate, 0.0});
            population_of.push_back(p);
            first += count;
            if (excitatory) {
                net.excitatory = first;
                net.excitatory_groups = net.groups.size();
            }
        }
    }
    net.neurons = first;
    if (net.excitatory < 2) fail(Exit::kUsage, "{}: error: the network has {} excitatory neurons; at least 2 are needed", scenario.file, net.excitatory);
    net.x.assign(net.neurons, 0.0F);
    net.y.assign(net.neurons, 0.0F);
    net.z.assign(net.neurons, 0.0F);
}

// A user's neurons get numbers group by group, in a group along the curve (or in file order without positions).
void Builder::order_file_neurons() {
    std::vector<u32> rank(net.neurons, 0);
    if (!graph->x.empty()) {
        const PositionGrid grid = grid_of_positions(graph->x, graph->y);
        const std::vector<u32> ranks = hilbert_ranks(grid.nx, grid.ny);
        for (size_t i = 0; i < net.neurons; ++i) {
            const u32 cx = std::min(static_cast<u32>((graph->x[i] - grid.x0) / grid.edge), grid.nx - 1);
            const u32 cy = std::min(static_cast<u32>((graph->y[i] - grid.y0) / grid.edge), grid.ny - 1);
            rank[i] = ranks[cx + grid.nx * cy];
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

void Builder::split_file_edges() {
    std::vector<u32> place_of_file(net.neurons);
    for (u32 i = 0; i < net.neurons; ++i) place_of_file[file_order[i]] = i;
    std::vector<std::pair<u32, u32>> plastic, fixed;
    for (const auto& [from, to] : graph->edges) {
        const u32 s = place_of_file[from], t = place_of_file[to];
        (s < net.excitatory && t < net.excitatory ? plastic : fixed).emplace_back(s, t);
    }
    plastic_graph = rows_of_edges(net.excitatory, plastic);
    fixed_graph = rows_of_edges(net.neurons, fixed);
}

void Builder::place() {
    const std::string& kind = spec.kind;
    if (kind == "sheet") {
        place_sheet(spec, seed(), net);
    } else if (kind == "small_world") {
        place_ring(static_cast<u32>(indegree[0][0]) / 2, spec.rewiring, net);
    } else if (kind == "file" && !graph->x.empty()) {
        place_given(spec, grid_of_positions(graph->x, graph->y), net);
    } else {
        const double side = counted() ? std::sqrt(scenario.network.scale) * 1000.0
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

void Builder::set_indegrees() {
    const size_t n = net.groups.size();
    indegree.assign(n, std::vector<double>(n, 0.0));
    std::vector<double> population_size(spec.populations.size(), 0.0);
    for (size_t s = 0; s < n; ++s) population_size[population_of[s]] += net.groups[s].size();
    for (size_t t = 0; t < n; ++t)
        for (size_t s = 0; s < n; ++s) {
            const size_t pt = population_of[t], ps = population_of[s];
            double k = 0.0;
            if (counted()) {  // K = ln(1 - C) / ln(1 - 1/(Nt Ns)) / Nt of the full network, at any scale: fewer, stronger synapses would be chaotic
                const double nt = spec.populations[pt].neurons, ns = spec.populations[ps].neurons;
                k = std::log1p(-spec.indegree[pt][ps]) / std::log1p(-1.0 / (nt * ns)) / nt;
            } else if (!graph) {
                k = spec.indegree[pt][ps] * scenario.network.synapses_per_neuron;
            }
            indegree[t][s] = k * net.groups[s].size() / population_size[ps];
        }
    const auto count_rows = [&](const EdgeRows& rows) {
        for (size_t t = 0; t < n; ++t) {
            std::vector<double> found(n, 0.0);
            for (u32 i = net.groups[t].first; i < net.groups[t].last && i < rows.targets(); ++i)
                for (u64 k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
                    for (size_t s = 0; s < n; ++s)
                        if (rows.source[k] >= net.groups[s].first && rows.source[k] < net.groups[s].last) found[s] += 1.0;
            for (size_t s = 0; s < n; ++s) indegree[t][s] += found[s] / net.groups[t].size();
        }
    };
    if (graph) {
        count_rows(*plastic_graph);
        count_rows(*fixed_graph);
    }
}

void Builder::set_weights() {
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

void Builder::draw_heterogeneity() {
    net.baseline_rate.resize(net.neurons);
    net.slow_share.resize(net.neurons);
    for (const Group& g : net.groups) {
        const SubunitValues& mix = model.receptors[static_cast<size_t>(g.type)].mix;
        const double spread = spec.solve_external ? spec.rate_spread : 0.0, centre = -0.5 * spread * spread;
        for (u32 i = g.first; i < g.last; ++i) {
            const Draw u = philox(seed(), Stream::kHeterogeneity, i, 0, 0);
            net.baseline_rate[i] = static_cast<float>(g.baseline_rate * det_exp(centre + spread * normal(u[0], u[1])));
            const double s = model.nmda.mix_spread;
            const SubunitValues own = shifted_mix(mix, det_exp(-0.5 * s * s + s * normal(u[2], u[3])));
            net.slow_share[i] = static_cast<float>(own[2] + own[3]);
        }
    }
}

// Fixed in-degrees: the whole part always, the fraction by chance. Inhibitory sources first.
void Builder::draw_fixed_rows() {
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
        for (u32 i = net.groups[t].first; i < net.groups[t].last; ++i)
            for (size_t s = 0; s < n; ++s) {
                const u32 k = count_of(i, t, s);
                net.fixed_begin[i + 1] += k;
                if (s >= net.excitatory_groups) net.fixed_inhibitory[i] += k;
            }
    for (size_t i = 0; i < net.neurons; ++i) net.fixed_begin[i + 1] += net.fixed_begin[i];
    net.fixed_source.resize(net.fixed_begin.back());
    for (size_t t = 0; t < n; ++t) {
#pragma omp parallel for schedule(dynamic, 256)
        for (u32 i = net.groups[t].first; i < net.groups[t].last; ++i) {
            u64 at = net.fixed_begin[i];
            u32 drawn = 0;
            for (size_t turn = 0; turn < n; ++turn) {  // inhibitory groups first
                const size_t s = (turn + net.excitatory_groups) % n;
                for (u32 k = count_of(i, t, s); k > 0; --k) {
                    const u32 partner = find_partner(kernel, static_cast<u32>(s), i, seed(), Stream::kFixedSource, drawn++, 0);
                    net.fixed_source[at++] = partner == kNoPartner ? net.groups[s].first : partner;
                }
            }
        }
    }
}

void Builder::take_fixed_rows_of_file() {
    net.fixed_begin = fixed_graph->begin;
    net.fixed_source = std::move(fixed_graph->source);
    net.fixed_inhibitory.assign(net.neurons, 0);
    for (size_t i = 0; i < net.neurons; ++i) {
        const auto from = net.fixed_source.begin() + static_cast<std::ptrdiff_t>(net.fixed_begin[i]);
        const auto to = net.fixed_source.begin() + static_cast<std::ptrdiff_t>(net.fixed_begin[i + 1]);
        const auto split = std::stable_partition(from, to, [&](u32 s) { return s >= net.excitatory; });
        net.fixed_inhibitory[i] = static_cast<u32>(split - from);
    }
}

// Draws n by inverting the cumulative law.
u32 draw_count(const std::vector<double>& law, double u) {
    double sum = 0.0;
    for (size_t n = 0; n < law.size(); ++n)
        if ((sum += law[n]) >= u) return static_cast<u32>(n);
    return static_cast<u32>(law.size() - 1);
}

// One excitatory group: the rows of this subject, and on the way the recurrent input of the healthy network of the same seed.
// Slot k of a row has the same source, size and age draw in both, so the two differ by the stress only.
void Builder::grow_group(size_t g, const Balance& balance, NetworkReport& report) {
    Group& group = net.groups[g];
    const Condition condition = condition_of(model, subject);
    const CountLaw healthy = stationary_counts(model, balance, {}), own = stationary_counts(model, balance, condition);
    const SpineSampler healthy_sizes(model.spine_size, model.pruning, healthy.loss_factor, healthy.sizes);
    const SpineSampler own_sizes(model.spine_size, model.pruning, own.loss_factor, own.sizes);
    const double ratio = own.equilibrium / balance.healthy, steps_per_day = kDay / model.clock.structural_step;
    if (g == 0) report = {balance, ratio, own.sizes.mean_hazard};

    std::vector<u32> healthy_count(group.size());
    for (u32 i = group.first; i < group.last; ++i) {
        const double u = unit(philox(seed(), Stream::kDegree, i, 0, 0)[0]);
        u32& h = healthy_count[i - group.first];
        double mean = balance.healthy;
        if (plastic_graph) {  // a graph's own in-degrees; a deficit thins them
            h = static_cast<u32>(plastic_graph->begin[i + 1] - plastic_graph->begin[i]);
            mean = std::max(1.0, static_cast<double>(h));
            net.live[i] = std::min(h, static_cast<u32>(std::floor(mean * ratio + u)));
        } else {
            h = draw_count(healthy.probability, u);
            net.live[i] = draw_count(own.probability, u);
        }
        net.healthy[i] = static_cast<float>(mean);
        net.equilibrium[i] = static_cast<float>(mean * ratio);
        net.attempts[i] = static_cast<float>(balance.attempts * mean / balance.healthy);
        net.capacity[i] = static_cast<float>(balance.capacity * mean / balance.healthy);
        net.row_begin[i + 1] = net.row_begin[i] + net.live[i] + std::max(2 * kRowSpare, net.live[i] / 5);
    }
    const u64 places = net.row_begin[group.last];
    net.source.resize(places);
    net.log_size.resize(places);
    net.birth.resize(places);

    const PartnerKernel kernel = net.partners.kernel(g);
    const double healthy_mean_weight = healthy.sizes.mean_weight;
#pragma omp parallel for schedule(dynamic, 64)
    for (u32 i = group.first; i < group.last; ++i) {
        const u32 wanted = healthy_count[i - group.first], n = std::max(wanted, net.live[i]);
        double recurrent = 0.0;
        for (u32 k = 0; k < n; ++k) {
            const u64 at = net.row_begin[i] + k;
            const Draw u = philox(seed(), Stream::kInitialSize, i, k, 0);
            u32 partner = plastic_graph ? plastic_graph->source[plastic_graph->begin[i] + k]
                                        : find_partner(kernel, kAnyGroup, i, seed(), Stream::kPlasticSource, k, 0);
            if (partner == kNoPartner) partner = i == group.first ? i + 1 : group.first;
            if (k < wanted) {
                size_t s = 0;
                while (partner >= net.groups[s].last) ++s;
                recurrent += net.pair_weight(g, s) / healthy_mean_weight * det_exp(healthy_sizes.size(unit(u[0]))) * net.baseline_rate[partner];
            }
            if (k >= net.live[i]) continue;
            const double x = own_sizes.size(unit(u[0])), age = own_sizes.age(x, unit(u[1])) * steps_per_day;
            net.source[at] = partner;
            net.log_size[at] = size_to_fixed(x);
            net.birth[at] = static_cast<u16>(std::max(0.0, static_cast<double>(kBirthOrigin) - 1.0 - age));
        }
        healthy_recurrent[i] = static_cast<float>(recurrent);
    }
    for (size_t s = 0; s < net.groups.size() && s < net.excitatory_groups; ++s)  // from now on e^x is relative to the healthy mean
        net.weight[g * net.groups.size() + s] /= healthy_mean_weight;
}

NetworkReport Builder::grow_plastic_rows() {
    net.row_begin.assign(net.excitatory + 1, 0);
    net.live.assign(net.excitatory, 0);
    for (auto* v : {&net.healthy, &net.equilibrium, &net.attempts, &net.capacity, &healthy_recurrent}) v->assign(net.excitatory, 0.0F);
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
        for (u64 k = net.row_begin[i]; k < net.row_begin[i] + net.live[i]; ++k) ++net.out_degree[net.source[k]];
    return report;
}

// The drive that gives every neuron its baseline rate in the healthy, drug-free network; from here on it is frozen.
void Builder::solve_external() {
    net.external.resize(net.neurons);
    const FixedRows fixed = net.fixed_rows();
    for (size_t t = 0; t < net.groups.size(); ++t) {
        const Group& g = net.groups[t];
        const PopulationSpec& population = spec.populations[population_of[t]];
        const double given = population.external_indegree * spec.external_rate * spec.external_weight;
#pragma omp parallel for schedule(static)
        for (u32 i = g.first; i < g.last; ++i) {
            if (!spec.solve_external) {
                net.external[i] = static_cast<float>(given);
                continue;
            }
            double excitation = i < net.excitatory ? healthy_recurrent[i] : 0.0, inhibition = 0.0;
            for (u64 k = fixed.begin[i]; k < fixed.begin[i + 1]; ++k) {
                size_t s = 0;
                while (fixed.source[k] >= net.groups[s].last) ++s;
                (s < net.excitatory_groups ? excitation : inhibition) += net.pair_weight(t, s) * net.baseline_rate[fixed.source[k]];
            }
            net.external[i] = static_cast<float>(input_for_rate(g.gain, net.baseline_rate[i]) + inhibition - excitation);
        }
    }
}

}  // namespace

double basal_bdnf(const BdnfParams& p, const SubjectState& s) {
    const double genotype = s.genotype == Genotype::kMetMet ? p.met_met : s.genotype == Genotype::kValMet ? p.val_met : 1.0;
    const double stress = std::max(0.05, 1.0 - (1.0 - p.stress) * s.severity);
    return stress * genotype * (1.0 - p.inflammation * s.inflammation);
}

Condition condition_of(const Model& model, const SubjectState& s) {
    const double formation = std::max(0.05, 1.0 - (1.0 - model.formation.stress) * s.severity);
    return {formation * basal_bdnf(model.bdnf, s), 1.0 + (model.pruning.stress - 1.0) * s.severity};
}

Network build_network(const Scenario& scenario, const Model& model, const NetworkSpec& spec, const SubjectState& subject, const GraphFile* graph,
                      NetworkReport* report) {
    Builder b{.scenario = scenario, .model = model, .spec = spec, .subject = subject, .graph = graph};
    b.net.kind = spec.kind;
    b.make_groups();
    if (graph) {
        b.order_file_neurons();
        b.split_file_edges();
    }
    b.set_indegrees();
    const Group& first = b.net.groups[0];
    if (spec.kind == "small_world") b.plastic_graph = small_world_edges(first.size(), static_cast<u32>(std::lround(b.indegree[0][0])), spec.rewiring, scenario.seed);
    if (spec.kind == "random") b.plastic_graph = random_edges(first.size(), b.indegree[0][0], scenario.seed);
    b.place();
    b.set_weights();
    b.draw_heterogeneity();
    if (graph)
        b.take_fixed_rows_of_file();
    else
        b.draw_fixed_rows();
    const NetworkReport found = b.grow_plastic_rows();
    b.solve_external();
    if (report) *report = found;
    return std::move(b.net);
}

}  // namespace respine
