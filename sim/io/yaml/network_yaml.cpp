#include <cmath>
#include <numeric>

#include "sim/io/yaml/model_yaml.hpp"
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

Matrix read_matrix(const Found& found, const NetworkSpec& spec) {
    const size_t n = spec.populations.size();
    Matrix m(n, std::vector<double>(n, 0.0));
    std::vector<std::string> names;
    for (const PopulationSpec& p : spec.populations) names.push_back(p.name);
    const auto index = [&](const YAML::Node& key) {
        for (size_t i = 0; i < n; ++i)
            if (names[i] == key.Scalar()) return i;
        found.problems.add(place_of(key, found.file, found.path), "'{}': unknown population '{}'{}",
                           found.path, key.Scalar(), suggestion(key.Scalar(), names));
        return n;
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

KeyOf<PopulationSpec> cell_type_shares() {
    Table shares;
    for (std::string_view name : kCellTypeNames)
        shares.push_back({.name = std::string(name),
                          .kind = Kind::kQuantity,
                          .units = "1",
                          .low = 0,
                          .high = 1,
                          .doc = "share of this type"});
    return {.key = {.name = "types", .kind = Kind::kMap, .doc = "share of each cell type", .nested = shares},
            .read = [](PopulationSpec& p, const Found& found, const Key&) {
                for (size_t t = 0; t < kCellTypes; ++t)
                    p.types[t] = read_quantity(found.node, kCellTypeNames[t].data(), "1").value_or(0.0);
            }};
}

Keys<PopulationSpec> population_keys() {
    const Keys<PopulationSpec> keys = {
        key("name", &PopulationSpec::name, "name").required(),
        cell_type_shares().required(),
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

Keys<NetworkSpec> population_and_weight_keys() {
    return {
        list("populations", &NetworkSpec::populations, population_keys(), "excitatory ones first").required(),
        matrix("weights", &NetworkSpec::weight,
               "summed weight of each source population onto a target [1/Hz]")
            .required(),
        matrix("indegrees", &NetworkSpec::indegree, "share of a neuron's synapses by source population"),
        matrix("connection_probability", &NetworkSpec::indegree, "of a pair of neurons"),
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

// What a population's keys say together, and beside the populations before it.
void check_population(const PopulationSpec& p, bool after_inhibitory, const Place& at, Problems& problems) {
    const double sum = std::accumulate(p.types.begin(), p.types.end(), 0.0),
                 excitatory = p.types[static_cast<size_t>(CellType::kE)];
    if (std::fabs(sum - 1.0) > 1e-9)
        problems.add(at, "population {}: the shares of the cell types sum to {:g}, not 1", p.name, sum);
    if (excitatory > 0.0 && excitatory < 1.0)
        problems.add(at, "population {} mixes E with inhibitory types", p.name);
    if (excitatory == 1.0 && after_inhibitory)
        problems.add(at, "population {}: excitatory populations stand first", p.name);
}

void finish_populations(NetworkSpec& spec, const YAML::Node& nodes, Problems& problems) {
    bool inhibitory_seen = false;
    for (size_t k = 0; k < spec.populations.size(); ++k) {
        PopulationSpec& p = spec.populations[k];
        if (!nodes[k]["bottom"]) p.bottom = spec.thickness;
        check_population(p, inhibitory_seen, place_of(nodes[k], spec.file, "populations"), problems);
        if (p.types[static_cast<size_t>(CellType::kE)] == 0.0) inhibitory_seen = true;
    }
}

}  // namespace

NetworkSpec load_network_spec(const std::string& name) {
    static const Keys<NetworkSpec> keys = network_keys();
    const YamlDocument doc = load_yaml(find_config("networks", name, ""));
    YAML::Node root = doc.root;
    if (root.IsMap() && root["based_on"]) {
        const YamlDocument base = load_yaml(find_config("networks", read_text(root, "based_on"), doc.file));
        for (const auto& item : base.root)
            if (!root[item.first.Scalar()]) root[item.first.Scalar()] = item.second;
    }
    Problems problems;
    check_map(root, table_of(keys), "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);

    NetworkSpec spec;
    spec.name = name;
    spec.file = doc.file;
    spec.text = doc.text;
    read_keys(spec, keys, {root, "", spec.file, problems});
    spec.solve_external = spec.external_weight == 0.0;
    finish_populations(spec, root["populations"], problems);
    problems.throw_if_any(Exit::kUsage);
    return spec;
}

}  // namespace respine
