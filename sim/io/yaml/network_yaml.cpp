#include <algorithm>
#include <filesystem>
#include <functional>
#include <span>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/io/yaml/scenario_settings.hpp"
#include "sim/io/yaml/yaml_keys.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

Table matrix_table() {
    Table table = table_of(provenance_keys<NetworkSpec>());
    table.push_back({.name = "rows",
                     .kind = Kind::kMapOf,
                     .required = true,
                     .doc = "target: {source: number}",
                     .element = Kind::kAnything});
    return table;
}

using Matrix = std::vector<std::vector<double>>;

std::vector<std::string> population_names(const NetworkSpec& spec) {
    std::vector<std::string> names;
    for (const PopulationSpec& p : spec.populations) names.push_back(p.name);
    return names;
}

// Place of a population among those of the network; behind them, with a problem, when it is none of them.
size_t find_population(const std::string& name, const NetworkSpec& spec, const Place& at,
                       const std::string& path, Problems& problems) {
    const std::vector<std::string> names = population_names(spec);
    const size_t place = static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (place == names.size())
        problems.add(at, "'{}': unknown population '{}'{}", path, name, suggestion(name, names));
    return place;
}

Matrix read_matrix(const Found& found, const NetworkSpec& spec) {
    const size_t n = spec.populations.size();
    Matrix m(n, std::vector<double>(n, 0.0));
    const auto index = [&](const YAML::Node& key) {
        return find_population(key.Scalar(), spec, place_of(key, found.file, found.path), found.path,
                               found.problems);
    };
    for (const auto& row : found.node["rows"]) {
        const size_t t = index(row.first);
        for (const auto& cell : row.second) {
            const size_t s = index(cell.first);
            const auto value = cell.second.IsScalar() ? parse_number(cell.second.Scalar()) : std::nullopt;
            if (!value || *value < 0.0)
                found.problems.add(place_of(cell.second, found.file, found.path),
                                   "'{}' wants numbers of at least 0", found.path);
            if (t < n && s < n) m[t][s] = value.value_or(0.0);
        }
    }
    return m;
}

// A number with its provenance, which is kept.
KeyOf<NetworkSpec> number(const char* name, double NetworkSpec::*member, const char* doc) {
    KeyOf<NetworkSpec> row = key(name, member, doc);
    row.read = [member](NetworkSpec& spec, const Found& found, const Key& k) {
        spec.*member = Form<double>::read(found.node, k);
        spec.provenance["network." + k.name] = provenance_of(found.node, k.units, found.file);
    };
    return row;
}

KeyOf<NetworkSpec> matrix(const char* name, Matrix NetworkSpec::*member, const char* doc) {
    return {.key = {.name = name, .kind = Kind::kMap, .doc = doc, .nested = matrix_table()},
            .read = [member](NetworkSpec& spec, const Found& found, const Key&) {
                spec.*member = read_matrix(found, spec);
            }};
}

// A map from each of these names to a share.
KeyOf<PopulationSpec> shares(const char* name, std::span<const std::string_view> names, const char* doc,
                             std::function<void(PopulationSpec&, size_t, double)> put) {
    Table table;
    for (std::string_view of : names)
        table.push_back({.name = std::string(of),
                         .kind = Kind::kQuantity,
                         .units = "1",
                         .low = 0,
                         .high = 1,
                         .doc = "share of these"});
    return {.key = {.name = name, .kind = Kind::kMap, .doc = doc, .nested = table},
            .read = [names, put](PopulationSpec& p, const Found& found, const Key&) {
                for (size_t k = 0; k < names.size(); ++k)
                    put(p, k, read_quantity(found.node, names[k].data(), "1").value_or(0.0));
            }};
}

Keys<PopulationSpec> population_keys() {
    const Keys<PopulationSpec> keys = {
        key("name", &PopulationSpec::name, "name").required(),
        shares("types", kCellTypeNames, "share of each cell type",
               [](PopulationSpec& p, size_t type, double share) { p.types[type] = share; })
            .required(),
        key("region", &PopulationSpec::region, "tissue of its own, with its own sheet and glutamate"),
        key("trait", &PopulationSpec::trait,
            "what it does to its targets: that of its types, or none for cells that fire and do nothing"),
        key("gain", &PopulationSpec::gain, "k; gain_e or gain_i without it").in("Hz", 1e-9, 1e3),
        key("time_constant", &PopulationSpec::time_constant, "tau; tau_e or tau_i without it")
            .in("s", 1e-4, 1),
        key("nmda_share", &PopulationSpec::nmda_share,
            "NMDA share of excitatory drive; that of its cell types without it")
            .in("1", 0, 1),
        shares("receptors", kSubunitNames,
               "share of each NMDA receptor subunit; those of its types without it",
               [](PopulationSpec& p, size_t subunit, double share) {
                   if (!p.mix) p.mix = SubunitValues{};
                   (*p.mix)[subunit] = share;
               }),
        key("share", &PopulationSpec::share, "share of all neurons").in("1", 0, 1),
        key("neurons", &PopulationSpec::neurons, "neurons at full scale").in("1", 1, 1e9),
        key("rate", &PopulationSpec::rate, "baseline (or published) mean rate")
            .in("Hz", 1e-3, 1e3)
            .required(),
        key("external_indegree", &PopulationSpec::external_indegree, "external synapses of a neuron")
            .in("1", 0, 1e5),
        key("top", &PopulationSpec::top, "depth of the upper border").in("um", 0, 1e5),
        key("bottom", &PopulationSpec::bottom, "depth of the lower border; the thickness without it")
            .in("um", 0, 1e5),
    };
    return joined(keys, provenance_keys<PopulationSpec>());
}

Keys<NetworkSpec> dynamics_keys() {
    return {
        number("rate_spread", &NetworkSpec::rate_spread, "log-SD of baseline rates over neurons")
            .value("1", 0, 3)
            .required(),
        number("gain_e", &NetworkSpec::gain_e, "k of excitatory neurons").value("Hz", 1e-9, 1e3).required(),
        number("gain_i", &NetworkSpec::gain_i, "k of inhibitory neurons").value("Hz", 1e-9, 1e3).required(),
        number("tau_e", &NetworkSpec::tau_e, "time constant of excitatory neurons")
            .value("s", 1e-4, 1)
            .required(),
        number("tau_i", &NetworkSpec::tau_i, "time constant of inhibitory neurons")
            .value("s", 1e-4, 1)
            .required(),
        number("recurrent_weight", &NetworkSpec::recurrent_weight,
               "microcircuit: weight of one excitatory synapse; 'weights' are multiples of it")
            .value("1/Hz", 1e-9, 1e3),
        number("external_weight", &NetworkSpec::external_weight, "weight of one external synapse")
            .value("1/Hz", 0, 1e3),
        number("external_rate", &NetworkSpec::external_rate, "rate of one external source")
            .value("Hz", 0, 1e4),
        number("inhibitory_matching", &NetworkSpec::inhibitory_matching,
               "share of a lasting change of recurrent excitation that inhibition matches")
            .value("1", 0, 1),
    };
}

Keys<NetworkSpec> geometry_keys() {
    return {
        number("density", &NetworkSpec::density, "neurons per volume").value("1/mm^3", 1, 1e7),
        number("thickness", &NetworkSpec::thickness, "thickness of the sheet").value("um", 1, 1e5),
        number("kernel_width", &NetworkSpec::kernel_width, "SD of the Gaussian distance kernel")
            .value("um", 1, 1e5),
        number("rewiring", &NetworkSpec::rewiring, "small_world: share of partners drawn anywhere")
            .value("1", 0, 1),
    };
}

// Values of the rule of a plastic projection, by the paths of the model's parameters.
KeyOf<ProjectionSpec> rule_parameters() {
    const Table table = parameter_table({"spine_size", "pruning", "newborn", "formation"});
    return {.key = {.name = "parameters",
                    .kind = Kind::kMap,
                    .doc = "of its own rule; those of the model without it",
                    .nested = table},
            .read = [table](ProjectionSpec& p, const Found& found, const Key&) {
                for (const Key& k : table)
                    if (const auto value = read_quantity(found.node, k.name.c_str(), k.units.c_str()))
                        p.parameters.emplace_back(k.name, *value);
            }};
}

// As those in the matrix: per rate, or, in a microcircuit, multiples of its recurrent weight.
KeyOf<ProjectionSpec> weight_key() {
    KeyOf<ProjectionSpec> row = key("weight", &ProjectionSpec::weight, "in place of that in 'weights'");
    row.read = [](ProjectionSpec& p, const Found& found, const Key&) {
        const auto q = parse_quantity(number_node(found.node).Scalar());
        const auto per_rate = q ? convert(*q, "1/Hz") : std::nullopt;
        p.weighs_per_rate = per_rate.has_value();
        p.weight = per_rate.value_or(q ? q->value : 0.0);
    };
    return row.in("1/Hz|1", 0, 1e6);
}

Keys<ProjectionSpec> projection_keys() {
    const Keys<ProjectionSpec> keys = {
        key("source", &ProjectionSpec::source_name, "population that sends").required(),
        key("target", &ProjectionSpec::target_name, "population that receives").required(),
        weight_key(),
        key("indegree", &ProjectionSpec::indegree, "in place of that in 'indegrees'").in("1", 0, 1),
        key("partners", &ProjectionSpec::reach,
            "near: by the distance kernel; anywhere: evenly, as always between regions"),
        key("structure", &ProjectionSpec::structure,
            "fixed, or plastic: synapses turn over; without it plastic from E to E in one region, else "
            "fixed"),
        key("every", &ProjectionSpec::every,
            "structural steps between two of its turnovers, for synapses that change slowly; 1 without it")
            .in("1", 1, 48),
        rule_parameters(),
    };
    return joined(keys, provenance_keys<ProjectionSpec>());
}

Keys<NetworkSpec> population_and_weight_keys() {
    return {
        list("populations", &NetworkSpec::populations, population_keys(), "groups of neurons").required(),
        matrix("weights", &NetworkSpec::weight,
               "summed weight of each source population onto a target [1/Hz]")
            .required(),
        matrix("indegrees", &NetworkSpec::indegree, "share of a neuron's synapses by source population"),
        matrix("connection_probability", &NetworkSpec::indegree, "of a pair of neurons"),
        list("projections", &NetworkSpec::projections, projection_keys(),
             "what single pairs of populations have of their own"),
    };
}

Keys<NetworkSpec> network_keys() {
    const Keys<NetworkSpec> about = {
        key("kind", &NetworkSpec::kind, "how the network is built").required(),
        note_key<NetworkSpec>("based_on", "network file whose keys are taken where this one is silent"),
        note_key<NetworkSpec>("reference", "where the network comes from"),
    };
    return joined(about, geometry_keys(), dynamics_keys(), population_and_weight_keys());
}

// Finds the populations of the projections, and puts their weights and in-degrees into the matrices.
void finish_projections(NetworkSpec& spec, const YAML::Node& nodes, Problems& problems) {
    const size_t n = spec.populations.size();
    for (Matrix* m : {&spec.weight, &spec.indegree}) m->resize(n, std::vector<double>(n, 0.0));
    for (size_t k = 0; k < spec.projections.size(); ++k) {
        ProjectionSpec& p = spec.projections[k];
        const Place at = place_of(nodes[k], spec.file, "projections");
        const std::string path = fmt::format("projections[{}]", k);
        p.source = find_population(p.source_name, spec, at, path + ".source", problems);
        p.target = find_population(p.target_name, spec, at, path + ".target", problems);
        if (p.source >= n || p.target >= n) continue;
        for (size_t other = 0; other < k; ++other)
            if (spec.projections[other].source == p.source && spec.projections[other].target == p.target)
                problems.add(at, "there are two projections from {} to {}", p.source_name, p.target_name);
        if (!p.parameters.empty() && p.structure != Structure::kPlastic)
            problems.add(at, "'{}.parameters' has no meaning without 'structure: plastic'", path);
        if (p.every && p.structure != Structure::kPlastic)
            problems.add(at, "'{}.every' has no meaning without 'structure: plastic'", path);
        if (p.weight) spec.weight[p.target][p.source] = *p.weight;
        if (p.indegree) spec.indegree[p.target][p.source] = *p.indegree;
    }
}

// Keys that are missing come from the file that it is based on, and so on.
void take_missing(YAML::Node root, const std::string& base_name, const std::string& beside, int depth) {
    if (depth == 5)
        fail(Exit::kUsage, "{}: error: based_on goes round in a circle, or deeper than 5 files", beside);
    const YamlDocument base = load_yaml(find_config("networks", base_name, beside));
    for (const auto& item : base.root)
        if (!root[item.first.Scalar()]) root[item.first.Scalar()] = item.second;
    if (base.root["based_on"]) take_missing(root, read_text(base.root, "based_on"), base.file, depth + 1);
}

}  // namespace

NetworkSpec load_network_spec(const std::string& name, const Scenario& scenario) {
    static const Keys<NetworkSpec> keys = network_keys();
    const YamlDocument doc = load_yaml(find_config("networks", name, ""));
    YAML::Node root = doc.root;
    if (root.IsMap() && root["based_on"]) take_missing(root, read_text(root, "based_on"), doc.file, 0);
    Problems problems;
    write_numbers(scenario, "wiring.", root, problems);
    check_map(root, table_of(keys), "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);

    NetworkSpec spec;
    spec.name = std::filesystem::path(doc.file).stem().string();
    spec.file = doc.file;
    spec.text = doc.text;
    read_keys(spec, keys, {root, "", spec.file, problems});
    spec.solve_external = spec.external_weight == 0.0;
    const YAML::Node populations = root["populations"];
    for (size_t k = 0; k < spec.populations.size(); ++k)
        if (!populations[k]["bottom"]) spec.populations[k].bottom = spec.thickness;
    finish_projections(spec, root["projections"], problems);
    for (const auto& [population, text] : contradictions_in(spec))
        problems.add(place_of(populations[population], spec.file, "populations"), "{}", text);
    problems.throw_if_any(Exit::kUsage);
    return spec;
}

}  // namespace respine
