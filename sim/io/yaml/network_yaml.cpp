#include <cmath>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

Key value_key(const char* name, const char* unit, double low, double high, bool required, const char* doc) {
    return {.name = name,
            .kind = Kind::kValue,
            .units = unit,
            .low = low,
            .high = high,
            .required = required,
            .doc = doc};
}

Key number_key(const char* name, const char* unit, double low, double high, bool required, const char* doc) {
    return {.name = name,
            .kind = Kind::kQuantity,
            .units = unit,
            .low = low,
            .high = high,
            .required = required,
            .doc = doc};
}

Table matrix_table() {
    return {{.name = "mark",
             .kind = Kind::kChoice,
             .required = true,
             .doc = "how far these numbers are to be trusted",
             .choices = {"R", "R2", "RD", "D", "rec", "A"}},
            {.name = "ref", .required = true, .doc = "where they come from"},
            {.name = "rows",
             .kind = Kind::kMapOf,
             .required = true,
             .doc = "target: {source: number}",
             .element = Kind::kAnything}};
}

std::vector<std::vector<double>> read_matrix(const YAML::Node& node, const NetworkSpec& spec,
                                             const std::string& what, const std::string& file,
                                             Problems& problems) {
    const size_t n = spec.populations.size();
    std::vector<std::vector<double>> m(n, std::vector<double>(n, 0.0));
    std::vector<std::string> names;
    for (const PopulationSpec& p : spec.populations) names.push_back(p.name);
    const auto index = [&](const YAML::Node& key) {
        for (size_t i = 0; i < n; ++i)
            if (names[i] == key.Scalar()) return i;
        problems.add(place_of(key, file, what), "'{}': unknown population '{}'{}", what, key.Scalar(),
                     suggestion(key.Scalar(), names));
        return n;
    };
    for (const auto& row : node["rows"]) {
        const size_t t = index(row.first);
        for (const auto& cell : row.second) {
            const size_t s = index(cell.first);
            const auto value = cell.second.IsScalar() ? parse_number(cell.second.Scalar()) : std::nullopt;
            if (!value || *value < 0.0)
                problems.add(place_of(cell.second, file, what), "'{}' wants numbers of at least 0", what);
            if (t < n && s < n) m[t][s] = value.value_or(0.0);
        }
    }
    return m;
}

}  // namespace

const Table& network_table_of_file() {
    static const Table table = {
        {.name = "kind", .required = true, .doc = "name of the network kind"},
        {.name = "based_on", .doc = "network file whose keys are taken where this one is silent"},
        {.name = "reference", .doc = "where the network comes from"},
        value_key("density", "1/mm^3", 1, 1e7, false, "neurons per volume"),
        value_key("thickness", "um", 1, 1e5, false, "thickness of the sheet"),
        value_key("kernel_width", "um", 1, 1e5, false, "SD of the Gaussian distance kernel"),
        value_key("rewiring", "1", 0, 1, false, "small_world: share of partners drawn anywhere"),
        value_key("rate_spread", "1", 0, 3, true, "log-SD of baseline rates over neurons"),
        value_key("gain_e", "Hz", 1e-9, 1e3, true, "k of excitatory neurons"),
        value_key("gain_i", "Hz", 1e-9, 1e3, true, "k of inhibitory neurons"),
        value_key("tau_e", "s", 1e-4, 1, true, "time constant of excitatory neurons"),
        value_key("tau_i", "s", 1e-4, 1, true, "time constant of inhibitory neurons"),
        value_key("recurrent_weight", "1/Hz", 1e-9, 1e3, false,
                  "microcircuit: weight of one excitatory synapse; 'weights' are multiples of it"),
        value_key("external_weight", "1/Hz", 0, 1e3, false, "weight of one external synapse"),
        value_key("external_rate", "Hz", 0, 1e4, false, "rate of one external source"),
        value_key("inhibitory_matching", "1", 0, 1, false,
                  "share of a lasting change of recurrent excitation that inhibition matches; absent: 0"),
        {.name = "populations",
         .kind = Kind::kMapList,
         .required = true,
         .doc = "excitatory ones first",
         .nested = {{.name = "name", .required = true, .doc = "name"},
                    {.name = "types",
                     .kind = Kind::kMapOf,
                     .units = "1",
                     .low = 0,
                     .high = 1,
                     .required = true,
                     .doc = "share of each cell type",
                     .element = Kind::kQuantity},
                    number_key("share", "1", 0, 1, false, "share of all neurons"),
                    number_key("neurons", "1", 1, 1e9, false, "neurons at full scale"),
                    number_key("rate", "Hz", 1e-3, 1e3, true, "baseline (or published) mean rate"),
                    number_key("external_indegree", "1", 0, 1e5, false, "external synapses of a neuron"),
                    number_key("top", "um", 0, 1e5, false, "depth of the upper border"),
                    number_key("bottom", "um", 0, 1e5, false, "depth of the lower border"),
                    {.name = "mark",
                     .kind = Kind::kChoice,
                     .required = true,
                     .doc = "trust",
                     .choices = {"R", "R2", "RD", "D", "rec", "A"}},
                    {.name = "ref", .required = true, .doc = "source"}}},
        {.name = "weights",
         .kind = Kind::kMap,
         .required = true,
         .doc = "summed weight of each source population onto a target [1/Hz]",
         .nested = matrix_table()},
        {.name = "indegrees",
         .kind = Kind::kMap,
         .doc = "share of a neuron's synapses by source population",
         .nested = matrix_table()},
        {.name = "connection_probability",
         .kind = Kind::kMap,
         .doc = "of a pair of neurons",
         .nested = matrix_table()},
    };
    return table;
}

NetworkSpec load_network_spec(const std::string& kind) {
    const YamlDocument doc = load_yaml(find_config("networks", kind, ""));
    Table own = network_table_of_file();
    YAML::Node root = doc.root;
    if (root.IsMap() && root["based_on"]) {
        const YamlDocument base = load_yaml(find_config("networks", read_text(root, "based_on"), doc.file));
        for (const auto& item : base.root)
            if (!root[item.first.Scalar()]) root[item.first.Scalar()] = item.second;
    }
    Problems problems;
    check_map(root, own, "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);

    NetworkSpec spec;
    spec.kind = kind;
    spec.file = doc.file;
    spec.text = doc.text;
    const auto value = [&](const char* key, const char* unit, double& into) {
        const YAML::Node node = root[key];
        if (!node) return;
        into = quantity_in(node["value"], unit);
        Provenance p{unit, read_text(node, "mark"), read_text(node, "ref"), into, into, doc.file};
        if (node["range"]) {
            p.low = quantity_in(node["range"][0], unit);
            p.high = quantity_in(node["range"][1], unit);
        }
        spec.provenance["network." + std::string(key)] = p;
    };
    value("density", "1/mm^3", spec.density);
    value("thickness", "um", spec.thickness);
    value("kernel_width", "um", spec.kernel_width);
    value("rewiring", "1", spec.rewiring);
    value("rate_spread", "1", spec.rate_spread);
    value("gain_e", "Hz", spec.gain_e);
    value("gain_i", "Hz", spec.gain_i);
    value("tau_e", "s", spec.tau_e);
    value("tau_i", "s", spec.tau_i);
    value("recurrent_weight", "1/Hz", spec.recurrent_weight);
    value("external_weight", "1/Hz", spec.external_weight);
    value("external_rate", "Hz", spec.external_rate);
    value("inhibitory_matching", "1", spec.inhibitory_matching);
    spec.solve_external = spec.external_weight == 0.0;
    bool inhibitory_seen = false;
    for (size_t k = 0; k < root["populations"].size(); ++k) {
        const YAML::Node node = root["populations"][k];
        const Place at = place_of(node, doc.file, "populations");
        PopulationSpec p;
        p.name = read_text(node, "name");
        p.share = read_quantity(node, "share", "1").value_or(0.0);
        p.neurons = read_quantity(node, "neurons", "1").value_or(0.0);
        p.rate = *read_quantity(node, "rate", "Hz");
        p.external_indegree = read_quantity(node, "external_indegree", "1").value_or(0.0);
        p.top = read_quantity(node, "top", "um").value_or(0.0);
        p.bottom = read_quantity(node, "bottom", "um").value_or(spec.thickness);
        double sum = 0.0;
        for (const auto& type : node["types"]) {
            bool known = false;
            for (size_t t = 0; t < kCellTypes; ++t) {
                if (kCellTypeNames[t] != type.first.Scalar()) continue;
                p.types[t] = quantity_in(type.second, "1");
                sum += p.types[t];
                known = true;
            }
            if (!known)
                problems.add(place_of(type.first, doc.file, "types"),
                             "unknown cell type '{}'; known: E, PV, SST, VIP", type.first.Scalar());
        }
        if (std::fabs(sum - 1.0) > 1e-9)
            problems.add(at, "population {}: the shares of the cell types sum to {:g}, not 1", p.name, sum);
        const double excitatory = p.types[static_cast<size_t>(CellType::kE)];
        if (excitatory > 0.0 && excitatory < 1.0)
            problems.add(at, "population {} mixes E with inhibitory types", p.name);
        if (excitatory == 0.0) inhibitory_seen = true;
        if (excitatory == 1.0 && inhibitory_seen)
            problems.add(at, "population {}: excitatory populations stand first", p.name);
        spec.populations.push_back(p);
    }
    spec.weight = read_matrix(root["weights"], spec, "weights", doc.file, problems);
    const char* degrees = root["connection_probability"] ? "connection_probability" : "indegrees";
    if (root[degrees]) spec.indegree = read_matrix(root[degrees], spec, degrees, doc.file, problems);
    problems.throw_if_any(Exit::kUsage);
    return spec;
}

}  // namespace respine
