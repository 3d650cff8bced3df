#include "sim/io/yaml/model_yaml.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "sim/system/library.hpp"

namespace respine {

namespace {

std::vector<std::string> split_path(const std::string& path) {
    std::vector<std::string> parts;
    for (size_t from = 0; from <= path.size();) {
        const size_t dot = std::min(path.find('.', from), path.size());
        parts.push_back(path.substr(from, dot - from));
        from = dot + 1;
    }
    return parts;
}

Key& key_in(Table& table, const std::string& name) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const Key& k) { return k.name == name; });
    if (at != table.end()) return *at;
    table.push_back({.name = name, .kind = Kind::kMap});
    return table.back();
}

YAML::Node node_at(const YAML::Node& root, const std::string& path) {
    YAML::Node at = root;
    for (const std::string& part : split_path(path)) {
        const YAML::Node next =
            at.IsMap() ? std::as_const(at)[part]
                       : YAML::Node(YAML::NodeType::Undefined);  // not const, [] would add the key
        if (!next.IsDefined()) return next;
        at.reset(next);
    }
    return at;
}

void read_parameters(Model& model, const YamlDocument& doc) {
    const YAML::Node& parameters = doc.root["parameters"];
    if (!parameters) return;
    for (const ParameterRow& row : parameters_of(model)) {
        const YAML::Node node = node_at(parameters, row.path);
        if (!node.IsDefined()) continue;
        *row.value = quantity_in(node["value"], row.unit);
        model.provenance[row.path] = provenance_of(node, row.unit, doc.file);
    }
}

void check_relations(const Model& model, const std::string& file, Problems& problems) {
    for (size_t t = 0; t < kCellTypes; ++t) {
        double sum = 0.0;
        for (double f : model.receptors[t].mix) sum += f;
        if (sum > 1.0 + 1e-6)
            problems.add({file, 0, 0}, "receptors.{}: the shares of the subunits sum to {:g}, more than 1",
                         kCellTypeNames[t], sum);
    }
    if (model.growth_rule.least >= model.growth_rule.set_point)
        problems.add({file, 0, 0}, "growth_rule.least ({:g}) must lie below growth_rule.set_point ({:g})",
                     model.growth_rule.least, model.growth_rule.set_point);
}

}  // namespace

Provenance provenance_of(const YAML::Node& node, std::string_view unit, const std::string& file) {
    Provenance p{std::string(unit), read_text(node, "mark"), read_text(node, "ref"), 0.0, 0.0, file};
    const double value = quantity_in(node["value"], unit);
    p.low = p.high = value;
    if (const YAML::Node range = node["range"]; range && range.size() == 2) {
        p.low = quantity_in(range[0], unit);
        p.high = quantity_in(range[1], unit);
    }
    return p;
}

namespace {

// One place for each parameter, nested as in the files.
Table nested_parameters() {
    Model model;
    Table parameters;
    for (const ParameterRow& row : parameters_of(model)) {
        Table* at = &parameters;
        const std::vector<std::string> parts = split_path(row.path);
        for (size_t i = 0; i + 1 < parts.size(); ++i) at = &key_in(*at, parts[i]).nested;
        at->push_back({.name = parts.back(),
                       .kind = Kind::kValue,
                       .units = std::string(row.unit),
                       .low = row.low,
                       .high = row.high,
                       .doc = std::string(row.doc)});
    }
    return parameters;
}

Table model_table() {
    return {
        {.name = "name", .required = true, .doc = "name of the parameter set"},
        {.name = "species",
         .kind = Kind::kChoice,
         .doc = "whose pharmacokinetics apply",
         .choices = {"human", "rat", "mouse"}},
        {.name = "based_on", .doc = "model file whose parameters are taken where this one is silent"},
        {.name = "parameters", .kind = Kind::kMap, .doc = "by kernel", .nested = nested_parameters()},
    };
}

Table hypothesis_table() {
    return {
        {.name = "name", .required = true, .doc = "short name"},
        {.name = "title", .required = true, .doc = "a few words, for tables"},
        {.name = "claim", .required = true, .doc = "one sentence: what starts the chain"},
        {.name = "reference", .required = true, .doc = "who says so"},
        {.name = "free",
         .kind = Kind::kTextList,
         .required = true,
         .doc = "parameters that were fitted for it, by path; as many as every other rival has"},
        {.name = "parameters",
         .kind = Kind::kMap,
         .required = true,
         .doc = "numbers that stand over the model's, links among them",
         .nested = nested_parameters()},
    };
}

YamlDocument checked(const std::string& path, const Table& table) {
    YamlDocument doc = load_yaml(path);
    Problems problems;
    check_map(doc.root, table, "", path, problems);
    problems.throw_if_any(Exit::kUsage);
    return doc;
}

}  // namespace

Table parameter_table(const std::vector<std::string>& sections) {
    Model model;
    Table table;
    for (const ParameterRow& row : parameters_of(model)) {
        const std::string section = row.path.substr(0, row.path.find('.'));
        if (!sections.empty() && std::find(sections.begin(), sections.end(), section) == sections.end())
            continue;
        table.push_back({.name = row.path,
                         .kind = Kind::kQuantity,
                         .units = std::string(row.unit),
                         .low = row.low,
                         .high = row.high,
                         .doc = std::string(row.doc)});
    }
    return table;
}

Hypothesis load_hypothesis(const std::string& name, const std::string& beside) {
    const YamlDocument doc = checked(find_config("hypotheses", name, beside), hypothesis_table());
    Hypothesis h{read_text(doc.root, "name"),
                 read_text(doc.root, "title"),
                 read_text(doc.root, "claim"),
                 read_text(doc.root, "reference"),
                 doc.file,
                 {}};
    Model model;
    std::vector<std::string> known;
    for (const ParameterRow& row : parameters_of(model)) known.push_back(row.path);
    Problems problems;
    for (const auto& item : doc.root["free"]) {
        h.free.push_back(item.Scalar());
        if (std::find(known.begin(), known.end(), h.free.back()) == known.end())
            problems.add(place_of(item, doc.file, "free"),
                         "'free': there is no parameter '{}'{} (see: respine list parameters)", h.free.back(),
                         suggestion(h.free.back(), known));
    }
    problems.throw_if_any(Exit::kUsage);
    return h;
}

Model load_model(const std::string& name, const std::string& beside, const std::string& hypothesis) {
    const std::string path = find_config("models", name, beside);
    std::vector<YamlDocument> chain;
    for (std::string at = path; !at.empty();) {
        if (chain.size() >= 5)
            fail(Exit::kUsage, "{}: error: based_on goes round in a circle, or deeper than 5 files", path);
        chain.push_back(checked(at, model_table()));
        const std::string base = read_text(chain.back().root, "based_on");
        at = base.empty() ? "" : find_config("models", base, at);
    }
    std::optional<YamlDocument> rival;
    if (!hypothesis.empty())
        rival = checked(find_config("hypotheses", hypothesis, beside), hypothesis_table());
    Model model;
    for (auto doc = chain.rbegin(); doc != chain.rend(); ++doc) {
        read_parameters(model, *doc);
        if (rival && doc == chain.rbegin()) read_parameters(model, *rival);
        model.name = read_text(doc->root, "name");
        model.species = read_text(doc->root, "species", model.species);
    }
    Problems problems;
    for (const ParameterRow& row : parameters_of(model))
        if (!model.provenance.contains(row.path))
            problems.add({path, 0, 0}, "missing parameter '{}' [{}]: {}", row.path, row.unit, row.doc);
    if (model.species.empty()) problems.add({path, 0, 0}, "missing key 'species'");
    check_relations(model, path, problems);
    problems.throw_if_any(Exit::kUsage);
    return model;
}

void override_parameters(Model& model, const Scenario& scenario) {
    Problems problems;
    const std::vector<ParameterRow> rows = parameters_of(model);
    std::vector<std::string> known;
    for (const ParameterRow& row : rows) known.push_back(row.path);
    for (const auto& [path, text] : scenario.overrides) {
        const Place at{scenario.file + ": overrides", 0, 0};
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&wanted = path](const ParameterRow& r) { return r.path == wanted; });
        if (row == rows.end()) {
            problems.add(at, "unknown parameter '{}'{} (see: respine list parameters)", path,
                         suggestion(path, known));
            continue;
        }
        const auto q = parse_quantity(text);
        const auto value = q ? convert(*q, row->unit) : std::nullopt;
        if (!value) {
            problems.add(at, "'{}' wants a quantity in {}, got '{}'", path, row->unit, text);
        } else if (*value < row->low || *value > row->high) {
            problems.add(at, "'{}' must lie in [{:g}, {:g}] {}, got {}", path, row->low, row->high, row->unit,
                         text);
        } else {
            *row->value = *value;
            model.provenance[path].mark = "A";
            model.provenance[path].reference = "set by the scenario";
        }
    }
    check_relations(model, scenario.file, problems);
    problems.throw_if_any(Exit::kUsage);
}

}  // namespace respine
