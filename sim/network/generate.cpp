#include "sim/network/generate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/plasticity/stress.hpp"
#include "sim/model/error.hpp"
#include "sim/network/geometry.hpp"
#include "sim/network/network_builder.hpp"
#include "sim/ranks/rank_share.hpp"

namespace respine {

namespace {

// Shares of subunits that sum to less than one are a knock-down: the NMDA current of the missing receptors is
// gone, and what drives the cell at its baseline comes through the rest.
void lose_missing_receptors(ReceptorParams& r) {
    const double left = std::accumulate(r.mix.begin(), r.mix.end(), 0.0);
    if (left > 1.0 - 1e-6) return;
    const double nmda = r.nmda_share * left;
    r.nmda_share = nmda / (1.0 - r.nmda_share + nmda);
    if (left > 0.0)
        for (double& share : r.mix) share /= left;
}

Group group_of(const NetworkSpec& spec, const Model& model, const PopulationSpec& population, CellType type) {
    const bool single = population.types[static_cast<size_t>(type)] == 1.0, excitatory = type == CellType::kE;
    Group group{.name = single
                            ? population.name
                            : population.name + "_" + std::string(kCellTypeNames[static_cast<size_t>(type)]),
                .population = population.name,
                .type = type,
                .gain = population.gain.value_or(excitatory ? spec.gain_e : spec.gain_i),
                .time_constant = population.time_constant.value_or(excitatory ? spec.tau_e : spec.tau_i),
                .baseline_rate = population.rate,
                .trait = population.trait.value_or(excitatory ? Trait::kExcitatory : Trait::kInhibitory),
                .receptors = model.receptors[static_cast<size_t>(type)]};
    if (population.nmda_share) group.receptors.nmda_share = *population.nmda_share;
    if (population.mix) group.receptors.mix = *population.mix;
    lose_missing_receptors(group.receptors);
    const std::vector<std::string> regions = spec.regions();
    group.region =
        static_cast<u32>(std::find(regions.begin(), regions.end(), population.region) - regions.begin());
    return group;
}

}  // namespace

// The groups of one population, largest remainders to the last. Returns how many neurons there are with them.
u32 NetworkBuilder::add_groups_of(size_t p, u32 first, double size) {
    const PopulationSpec& population = spec.populations[p];
    double cumulative = 0.0;
    u32 done = 0;
    for (size_t t = 0; t < kCellTypes; ++t) {
        if (population.types[t] == 0.0) continue;
        const CellType type = static_cast<CellType>(t);
        cumulative += population.types[t];
        u32 count = static_cast<u32>(std::lround(size * cumulative)) - done;
        done += count;
        if (graph) count = static_cast<u32>(std::count(graph->types.begin(), graph->types.end(), type));
        if (count == 0) continue;
        Group group = group_of(spec, model, population, type);
        group.first = first;
        group.last = first += count;
        net.groups.push_back(std::move(group));
        population_of.push_back(p);
    }
    return first;
}

// Excitatory populations first, in the order of the file, then the others.
void NetworkBuilder::make_groups() {
    const double total = counted() ? 0.0
                         : graph   ? static_cast<double>(graph->ids.size())
                                   : scenario.network.neurons;
    u32 neurons = 0;
    for (const bool excitatory : {true, false}) {
        for (size_t p = 0; p < spec.populations.size(); ++p) {
            const PopulationSpec& population = spec.populations[p];
            if (population.excitatory() != excitatory) continue;
            neurons = add_groups_of(p, neurons,
                                    counted() ? std::round(population.neurons * scenario.network.scale)
                                              : std::round(population.share * total));
        }
        if (!excitatory) continue;
        net.excitatory = neurons;
        net.excitatory_groups = net.groups.size();
    }
    net.neurons = neurons;
    if (net.excitatory < 2)
        fail(Exit::kUsage, "{}: error: the network has {} excitatory neurons; at least 2 are needed",
             scenario.file, net.excitatory);
    for (auto* axis : {&net.x, &net.y, &net.z}) *axis = NeuronArray<float>(net.neurons);
    for (const std::string& name : spec.regions()) net.regions.emplace_back().name = name;
}

void NetworkBuilder::draw_graph() {
    const u32 neurons = net.groups[0].size();
    const Slice own = net.partition.own(size_t{0});
    const double degree = net.projection(0, 0).indegree;
    if (spec.kind == NetworkKind::kSmallWorld)
        given_rows[0] = small_world_edges(neurons, static_cast<u32>(std::lround(degree)), spec.rewiring,
                                          scenario.seed, own);
    if (spec.kind == NetworkKind::kRandom) given_rows[0] = random_edges(neurons, degree, scenario.seed, own);
}

void NetworkBuilder::place() {
    constexpr double kApart = 1000.0;  // um between the drawn regions, which do not touch
    double left = 0.0;
    for (u32 r = 0; r < net.regions.size(); ++r) {
        const double side =
            counted() ? std::sqrt(scenario.network.scale) * 1000.0 : side_of(spec, neurons_of(net, r));
        if (spec.kind == NetworkKind::kSheet)
            place_sheet(spec, seed(), r, left, net);
        else if (spec.kind == NetworkKind::kSmallWorld)
            place_ring(static_cast<u32>(net.projection(0, 0).indegree) / 2, spec.rewiring, net);
        else if (spec.kind == NetworkKind::kFile && !graph->x.empty())
            place_given(spec, grid_of_positions(graph->x, graph->y), net);
        else
            place_well_mixed(spec, side, seed(), r, left, net);
        left += side + kApart;
    }
    build_voxels(model.glutamate.voxel, net, ranks);
}

double basal_bdnf(const BdnfParams& p, const SubjectState& s) {
    const double genotype = s.genotype == Genotype::kMetMet   ? p.met_met
                            : s.genotype == Genotype::kValMet ? p.val_met
                                                              : 1.0;
    return basal_release(p, s.severity, genotype, s.inflammation);
}

Condition condition_of(const BdnfParams& bdnf, const PlasticRule& rule, const SubjectState& s) {
    SubjectState calm = s;  // what stress does to formation is the rule's own factor, not BDNF's once more
    calm.severity = 0.0;
    return {stress_factor(rule.formation.stress, s.severity) * basal_bdnf(bdnf, calm),
            stressed_elimination(rule.pruning, s.severity)};
}

// A neuron costs its synapses, and some work of its own.
void NetworkBuilder::share_out() {
    constexpr double kNeuron = 16.0;  // in synapses
    std::vector<Slice> slices;
    for (const Group& g : net.groups) slices.push_back({g.first, g.last});
    std::vector<double> load;
    if (graph) {
        load.assign(net.neurons, kNeuron);
        const auto add = [&](const EdgeRows& rows) {
            for (size_t i = 0; i < rows.targets(); ++i)
                load[i] += static_cast<double>(rows.begin[i + 1] - rows.begin[i]);
        };
        for (const auto& rows : given_rows) add(*rows);
        add(*fixed_graph);
    }
    net.partition = Partition(slices, ranks.rank(), ranks.size(), load);
    net.known = {{0, static_cast<u32>(net.neurons)}};
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
    b.make_projections();
    if (graph) {
        b.order_file_neurons();
        b.split_file_edges();
    }
    b.share_out();
    b.set_indegrees();
    b.draw_graph();
    b.place();
    b.share_sources();
    b.set_weights();
    b.find_halo();
    b.draw_heterogeneity();
    if (graph)
        b.take_fixed_rows_of_file();
    else
        b.draw_fixed_rows();
    const NetworkReport found = b.grow_plastic_rows();
    b.solve_external();
    b.net.inhibitory_matching = spec.inhibitory_matching;
    if (spec.inhibitory_matching > 0.0 || b.matches_counts()) b.keep_healthy_excitation();
    if (b.matches_counts()) b.match_start();
    b.net.sum_counts(RankShare(b.net.partition, ranks));
    if (report) *report = found;
    return std::move(b.net);
}

}  // namespace respine
