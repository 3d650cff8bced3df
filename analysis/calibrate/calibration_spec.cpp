#include "analysis/calibrate/calibration_spec.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/validate/measure.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

// Every problem of a specification is collected here, with its place.
struct SpecReader {
    const YamlDocument& doc;
    Problems problems{};
    CalibrationSpec spec{};
    std::vector<Model> models{};                // of the scenarios behind the targets, each once
    std::map<std::string, std::string> used{};  // target id -> where it was named first

    Place at(const YAML::Node& node) const { return place_of(node, doc.file, ""); }

    YAML::Node list(const char* key, const char* example) {
        const YAML::Node node = doc.root[key];
        if (!node || node.IsNull())
            return YAML::Node(YAML::NodeType::Sequence);  // a missing key is reported with the others
        if (!node.IsSequence() || (node.size() == 0 && std::string(key) != "held_back")) {
            problems.add(at(node), "'{}' wants a list such as {}", key, example);
            return YAML::Node(YAML::NodeType::Sequence);
        }
        return node;
    }

    void read_target(const YAML::Node& node, const std::string& path, const std::vector<TargetRow>& rows,
                     bool fitted, std::vector<TargetRow>& into) {
        if (!node.IsScalar()) {
            const size_t before = problems.count();
            check_map(node, calibration_target_table(), path, doc.file, problems);
            if (problems.count() > before) return;
        }
        const YAML::Node id_node = node.IsScalar() ? node : node["id"];
        const std::string& id = id_node.Scalar();
        std::vector<std::string> ids;
        for (const TargetRow& r : rows) ids.push_back(r.id);
        const auto found = std::find(ids.begin(), ids.end(), id);
        if (found == ids.end()) {
            problems.add(at(id_node), "'{}': there is no target '{}'{} (see: configs/reference/targets.csv)",
                         path, id, suggestion(id, ids));
            return;
        }
        if (const auto [first, fresh] = used.emplace(id, path); !fresh) {
            problems.add(at(id_node), "'{}': target '{}' is already '{}'; name it once", path, id,
                         first->second);
            return;
        }
        TargetRow row = rows[static_cast<size_t>(found - ids.begin())];
        if (node.IsMap() && row.kind != "order") put_numbers(node, path, row);
        if (fitted && row.kind == "order")
            problems.add(
                at(id_node),
                "'{}': target '{}' is true or false and cannot be fitted; it may stand under held_back", path,
                id);
        if (fitted && row.kind == "input")
            problems.add(at(id_node),
                         "'{}': target '{}' is an input that the model reads back; fit to it with numbers, "
                         "as {{id, value, low, high}}",
                         path, id);
        into.push_back(row);
    }

    void put_numbers(const YAML::Node& node, const std::string& path, TargetRow& row) {
        row.value = quantity_in(node["value"], "1");
        row.low = quantity_in(node["low"], "1");
        row.high = quantity_in(node["high"], "1");
        if (row.low >= row.high)
            problems.add(at(node["low"]), "'{}.low' must lie below '{}.high', got {:g} and {:g}", path, path,
                         row.low, row.high);
        if (row.compares()) row.reference.clear();  // these measure the run alone
        row.kind = "value";
    }

    void read_targets_of(const char* key, bool fitted, const std::vector<TargetRow>& rows,
                         std::vector<TargetRow>& into) {
        const YAML::Node node = list(key, "[density-d5, density-d10]");
        for (size_t k = 0; k < node.size(); ++k)
            read_target(node[k], fmt::format("{}[{}]", key, k), rows, fitted, into);
    }

    void load_models() {
        std::set<std::string> seen;
        for (const std::string& name : scenarios_of(spec.targets)) {
            const Scenario s = load_scenario(name, {});
            if (seen.insert(s.model).second) models.push_back(load_model(s.model, s.file, spec.hypothesis));
        }
    }

    // What all models say of a parameter, or a problem that asks for it.
    std::optional<double> agreed(const YAML::Node& node, const std::string& path, const char* key,
                                 const std::string& unit, const std::function<double(Model&)>& said) {
        if (models.empty()) return std::nullopt;  // no target is valid: reported already
        const double first = said(models.front());
        for (Model& m : models)
            if (said(m) != first) {
                problems.add(at(node), "'{}.{}' is needed: the models differ, {} says {:g} and {} {:g} [{}]",
                             path, key, models.front().name, first, m.name, said(m), unit);
                return std::nullopt;
            }
        return first;
    }

    void read_parameter(const YAML::Node& node, const std::string& path,
                        const std::vector<ParameterRow>& rows) {
        std::vector<std::string> known;
        for (const ParameterRow& r : rows) known.push_back(r.path);
        const std::string name = node.IsMap() ? read_text(node, "path") : "";
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const ParameterRow& r) { return r.path == name; });
        Table table = {{.name = "path",
                        .required = true,
                        .doc = "parameter of the model; see: respine list parameters"}};
        for (const char* key : {"low", "high", "start"})
            table.push_back(row == rows.end() ? Key{.name = key, .kind = Kind::kAnything}
                                              : Key{.name = key,
                                                    .kind = Kind::kQuantity,
                                                    .units = std::string(row->unit),
                                                    .low = row->low,
                                                    .high = row->high});
        const size_t before = problems.count();
        check_map(node, table, path, doc.file, problems);
        if (row == rows.end() && !name.empty())
            problems.add(at(node["path"]),
                         "'{}.path': there is no parameter '{}'{} (see: respine list parameters)", path, name,
                         suggestion(name, known));
        if (problems.count() > before) return;
        for (const FitParameter& p : spec.parameters)
            if (p.path == name) problems.add(at(node["path"]), "'{}.path': '{}' is named twice", path, name);
        take(node, path, *row);
    }

    void take(const YAML::Node& node, const std::string& path, const ParameterRow& row) {
        const std::string unit(row.unit);
        const auto value = [&](const char* key,
                               const std::function<double(Model&)>& said) -> std::optional<double> {
            return node[key] ? read_quantity(node, key, unit.c_str()) : agreed(node, path, key, unit, said);
        };
        const auto low = value("low", [&](Model& m) { return m.provenance.at(row.path).low; });
        const auto high = value("high", [&](Model& m) { return m.provenance.at(row.path).high; });
        const auto start = value("start", [&](Model& m) {
            const auto rows = parameters_of(m);
            return *std::find_if(rows.begin(), rows.end(), [&](const ParameterRow& r) {
                        return r.path == row.path;
                    })->value;
        });
        if (!low || !high || !start) return;
        const std::string of = unit == "1" ? "" : " " + unit;
        if (*low == *high && !node["low"] && !node["high"])
            problems.add(at(node), "'{}': the model file gives '{}' no range of belief; write low and high",
                         path, row.path);
        else if (*low >= *high)
            problems.add(at(node), "'{}': low must lie below high, got {:g}{} and {:g}{}", path, *low, of,
                         *high, of);
        else if (*start < *low || *start > *high)
            problems.add(at(node),
                         "'{}': start must lie between low and high, got {:g}{} outside {:g} to {:g}{}", path,
                         *start, of, *low, *high, of);
        spec.parameters.push_back({row.path, unit, *low, *high, *start});
    }

    void read_sizes() {
        const YAML::Node network = doc.root["network"], cohort = doc.root["cohort"];
        if (network && network["neurons"])
            spec.neurons = static_cast<u32>(read_integer(network, "neurons", 0));
        if (network && network["synapses_per_neuron"])
            spec.synapses_per_neuron = static_cast<u32>(read_integer(network, "synapses_per_neuron", 0));
        if (cohort) spec.subjects = static_cast<u32>(read_integer(cohort, "subjects", 0));
        if (spec.neurons && spec.synapses_per_neuron && *spec.synapses_per_neuron >= *spec.neurons)
            problems.add(at(network), "{} synapses per neuron do not fit {} neurons",
                         *spec.synapses_per_neuron, *spec.neurons);
    }

    CalibrationSpec read() {
        check_map(doc.root, calibration_table(), "", doc.file, problems);
        if (!doc.root.IsMap()) problems.throw_if_any(Exit::kUsage);
        const std::vector<TargetRow> rows = read_targets(config_folder() + "/reference/targets.csv");
        const std::string rival = read_text(doc.root, "hypothesis");
        if (!rival.empty()) spec.hypothesis = find_config("hypotheses", rival, doc.file);
        read_targets_of("targets", true, rows, spec.targets);
        read_targets_of("held_back", false, rows, spec.held_back);
        load_models();
        Model any;
        const std::vector<ParameterRow> parameters = parameters_of(any);
        const YAML::Node node = list("parameters", "[{path: formation.gain}]");
        for (size_t k = 0; k < node.size(); ++k)
            read_parameter(node[k], fmt::format("parameters[{}]", k), parameters);
        const YAML::Node name = doc.root["name"];
        if (name && name.IsScalar() && name.Scalar().find_first_of("/\n") != std::string::npos)
            problems.add(at(name),
                         "'name' becomes the name of a folder: it must hold no '/' and stand on one line");
        problems.throw_if_any(Exit::kUsage);
        read_sizes();
        problems.throw_if_any(Exit::kUsage);
        spec.file = doc.file;
        spec.text = doc.text;
        spec.name = name.Scalar();
        spec.title = read_text(doc.root, "title", spec.name);
        spec.seeds = static_cast<int>(read_integer(doc.root, "seeds", 2));
        spec.first_seed = read_integer(doc.root, "first_seed", 1);
        spec.search = {static_cast<int>(read_integer(doc.root, "global", 0)),
                       static_cast<int>(read_integer(doc.root, "local", 0)),
                       read_integer(doc.root, "optimizer_seed", 1)};
        return spec;
    }
};

}  // namespace

CalibrationSpec load_calibration(const std::string& name) {
    return read_calibration(load_yaml(find_config("calibrations", name, "")));
}

CalibrationSpec read_calibration(const YamlDocument& document) {
    need_kind(document, "calibration");
    return SpecReader{.doc = document}.read();
}

Settings settings_of(const CalibrationSpec& spec, const std::string& scenario, u64 seed,
                     const std::vector<double>& point) {
    Settings settings = {{"seed", std::to_string(seed)}};
    const Scenario s = load_scenario(scenario, {});
    const bool sized = s.network.is_sized();
    if (sized && spec.neurons) settings.emplace_back("network.neurons", std::to_string(*spec.neurons));
    if (sized && spec.synapses_per_neuron)
        settings.emplace_back("network.synapses_per_neuron", std::to_string(*spec.synapses_per_neuron));
    if (s.cohort > 0 && spec.subjects)
        settings.emplace_back("cohort.subjects", std::to_string(*spec.subjects));
    if (!spec.hypothesis.empty()) settings.emplace_back("hypothesis", spec.hypothesis);
    for (size_t k = 0; k < point.size(); ++k) settings.push_back(setting_of(spec.parameters[k], point[k]));
    return settings;
}

std::pair<std::string, std::string> setting_of(const FitParameter& p, double value) {
    return {p.path, setting_text(value, p.unit)};
}

}  // namespace respine
