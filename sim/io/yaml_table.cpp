#include "sim/io/yaml_table.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace respine {

namespace {

constexpr size_t kLargestFile = 4 << 20;
constexpr int kDeepest = 24;

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::stringstream in(text);
    for (std::string part; std::getline(in, part, at);) parts.push_back(part);
    return parts;
}

std::string join(const std::vector<std::string>& parts, const char* between) { return fmt::format("{}", fmt::join(parts, between)); }

const char* kind_of(const YAML::Node& node) {
    switch (node.Type()) {
        case YAML::NodeType::Map: return "a map";
        case YAML::NodeType::Sequence: return "a list";
        case YAML::NodeType::Null: return "nothing";
        default: return "a value";
    }
}

const Table kValueTable = {
    {.name = "value", .kind = Kind::kAnything, .required = true, .doc = "the number with its unit"},
    {.name = "range", .kind = Kind::kTextList, .doc = "range of belief: [low, high]"},
    {.name = "mark", .kind = Kind::kChoice, .required = true, .doc = "how far the number is to be trusted", .choices = {"R", "R2", "RD", "D", "rec", "A"}},
    {.name = "ref", .required = true, .doc = "where it comes from"},
};

struct Checker {
    const std::string& file;
    Problems& problems;

    Place at(const YAML::Node& node, const std::string& path) const { return place_of(node, file, path); }

    bool scalar(const YAML::Node& node, const std::string& path, const std::string& wants) {
        if (node.IsScalar()) return true;
        problems.add(at(node, path), "'{}' wants {}, got {}", path, wants, kind_of(node));
        return false;
    }

    void quantity(const YAML::Node& node, const Key& key, const std::string& path) {
        const std::vector<std::string> units = split(key.units, '|');
        const std::string wants = key.units == "1" ? "a number" : fmt::format("a quantity in {}", join(units, " or "));
        if (!scalar(node, path, wants)) return;
        const std::string& text = node.Scalar();
        const auto q = parse_quantity(text);
        if (!q) {
            problems.add(at(node, path), "'{}' wants {}, got '{}'", path, wants, text);
            return;
        }
        if (!is_known_unit(q->unit)) {
            problems.add(at(node, path), "'{}' has the unknown unit '{}'; known: {}", path, q->unit, join(units_like(units.front()), ", "));
            return;
        }
        for (const std::string& unit : units) {
            const auto value = convert(*q, unit);
            if (!value) continue;
            if (*value < key.low || *value > key.high)
                problems.add(at(node, path), "'{}' must lie in [{:g}, {:g}] {}, got {}", path, key.low, key.high, unit, text);
            return;
        }
        problems.add(at(node, path), "'{}' wants {}, got '{}'{}", path, wants, text, q->unit == "1" ? ": the unit is missing" : "");
    }

    void integer(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!scalar(node, path, "a whole number")) return;
        const auto value = parse_number(node.Scalar());
        if (!value || *value != static_cast<double>(static_cast<long long>(*value))) {
            problems.add(at(node, path), "'{}' wants a whole number, got '{}'", path, node.Scalar());
        } else if (*value < key.low || *value > key.high) {
            problems.add(at(node, path), "'{}' must lie in [{:.0f}, {:.0f}], got {}", path, key.low, key.high, node.Scalar());
        }
    }

    void choice(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!scalar(node, path, "one of " + join(key.choices, ", "))) return;
        if (std::find(key.choices.begin(), key.choices.end(), node.Scalar()) == key.choices.end())
            problems.add(at(node, path), "'{}' must be one of {}, got '{}'{}", path, join(key.choices, ", "), node.Scalar(),
                         suggestion(node.Scalar(), key.choices));
    }

    void value(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!node.IsMap()) {
            problems.add(at(node, path), "'{}' wants {{value, mark, ref}}, got {}: every number says where it comes from", path, kind_of(node));
            return;
        }
        check_map(node, kValueTable, path, file, problems);
        if (node["value"]) quantity(node["value"], key, path + ".value");
        const YAML::Node range = node["range"];
        if (!range || !range.IsSequence()) return;
        if (range.size() != 2) problems.add(at(range, path), "'{}.range' wants two numbers, got {}", path, range.size());
        for (size_t i = 0; i < range.size(); ++i) quantity(range[i], key, path + ".range");
    }

    void one(const YAML::Node& node, const Key& key, Kind kind, const std::string& path) {
        switch (kind) {
            case Kind::kText:
                if (scalar(node, path, "text") && node.Scalar().empty()) problems.add(at(node, path), "'{}' is empty", path);
                return;
            case Kind::kChoice: return choice(node, key, path);
            case Kind::kInteger: return integer(node, key, path);
            case Kind::kBoolean:
                if (scalar(node, path, "true or false") && node.Scalar() != "true" && node.Scalar() != "false")
                    problems.add(at(node, path), "'{}' wants true or false, got '{}'", path, node.Scalar());
                return;
            case Kind::kQuantity: return quantity(node, key, path);
            case Kind::kValue: return value(node, key, path);
            case Kind::kQuantities:
                if (!node.IsSequence()) return quantity(node, key, path);
                for (size_t i = 0; i < node.size(); ++i) quantity(node[i], key, fmt::format("{}[{}]", path, i));
                return;
            case Kind::kMap: return check_map(node, key.nested, path, file, problems);
            case Kind::kMapList:
                if (!node.IsSequence()) {
                    problems.add(at(node, path), "'{}' wants a list, got {}", path, kind_of(node));
                    return;
                }
                for (size_t i = 0; i < node.size(); ++i) check_map(node[i], key.nested, fmt::format("{}[{}]", path, i), file, problems);
                return;
            case Kind::kMapOf: return map_of(node, key, path);
            case Kind::kTextList:
                if (!node.IsSequence()) problems.add(at(node, path), "'{}' wants a list, got {}", path, kind_of(node));
                return;
            case Kind::kAnything: return;
        }
    }

    void map_of(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!node.IsMap()) {
            problems.add(at(node, path), "'{}' wants a map, got {}", path, kind_of(node));
            return;
        }
        std::set<std::string> seen;
        for (const auto& item : node) {
            const std::string name = item.first.IsScalar() ? item.first.Scalar() : "";
            if (!seen.insert(name).second) problems.add(at(item.first, path), "duplicate key '{}.{}'", path, name);
            one(item.second, key, key.element, path + "." + name);
        }
    }
};

int depth_of(const std::string& text) {  // flow brackets and indentation bound the nesting; cheap, before the parser recurses
    int open = 0, deepest = 0;
    for (char c : text) {
        if (c == '[' || c == '{') deepest = std::max(deepest, ++open);
        if (c == ']' || c == '}') open = std::max(0, open - 1);
    }
    return deepest;
}

int depth_of(const YAML::Node& node, int limit) {
    if (limit == 0 || !(node.IsMap() || node.IsSequence())) return 0;
    int deepest = 0;
    for (const auto& item : node) deepest = std::max(deepest, depth_of(node.IsMap() ? item.second : static_cast<const YAML::Node&>(item), limit - 1));
    return deepest + 1;
}

}  // namespace

Place place_of(const YAML::Node& node, const std::string& file, const std::string& path) {
    const YAML::Mark mark = node.Mark();
    if (mark.line < 0) return {"--set " + path, 0, 0};
    return {file, mark.line + 1, mark.column + 1};
}

YamlDocument parse_yaml(const std::string& text, const std::string& name) {
    if (text.size() > kLargestFile) fail(Exit::kUsage, "{}: error: larger than 4 MiB; this is no respine file", name);
    if (depth_of(text) > kDeepest) fail(Exit::kUsage, "{}: error: nested deeper than {} levels", name, kDeepest);
    for (size_t i = 0; i + 1 < text.size(); ++i) {
        const bool value_start = i == 0 || text[i - 1] == ' ' || text[i - 1] == '\n' || text[i - 1] == '[' || text[i - 1] == ',';
        if ((text[i] == '&' || text[i] == '*') && value_start && (isalnum(static_cast<unsigned char>(text[i + 1])) != 0)) {
            const size_t line_start = text.rfind('\n', i) == std::string::npos ? 0 : text.rfind('\n', i) + 1;
            if (text.substr(line_start, i - line_start).find_first_of("#\"'") != std::string::npos) continue;
            const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n') + 1;
            fail(Exit::kUsage, "{}:{}:{}: error: anchors and aliases are not allowed; write the value out", name, line, i - line_start + 1);
        }
    }
    try {
        YamlDocument doc{name, text, YAML::Load(text)};
        if (depth_of(doc.root, kDeepest + 1) > kDeepest) fail(Exit::kUsage, "{}: error: nested deeper than {} levels", name, kDeepest);
        return doc;
    } catch (const YAML::Exception& e) {
        fail(Exit::kUsage, "{}:{}:{}: error: not valid YAML: {}", name, e.mark.line + 1, e.mark.column + 1, e.msg);
    }
}

YamlDocument load_yaml(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    if (!in || !(text << in.rdbuf())) fail(Exit::kInput, "{}: error: cannot be read", path);
    return parse_yaml(text.str(), path);
}

void check_map(const YAML::Node& node, const Table& table, const std::string& path, const std::string& file, Problems& problems) {
    Checker checker{file, problems};
    if (!node.IsMap()) {
        problems.add(place_of(node, file, path), "{} wants a map, got {}", path.empty() ? "the document" : "'" + path + "'", kind_of(node));
        return;
    }
    std::vector<std::string> names;
    for (const Key& key : table) names.push_back(key.name);
    std::set<std::string> seen;
    for (const auto& item : node) {
        const std::string name = item.first.IsScalar() ? item.first.Scalar() : "?";
        const std::string full = path.empty() ? name : path + "." + name;
        const auto key = std::find_if(table.begin(), table.end(), [&](const Key& k) { return k.name == name; });
        if (!seen.insert(name).second) {
            problems.add(place_of(item.first, file, full), "duplicate key '{}'", full);
        } else if (key == table.end()) {
            problems.add(place_of(item.first, file, full), "unknown key '{}'{}", full, suggestion(name, names));
        } else if (item.second.IsNull()) {
            problems.add(place_of(item.first, file, full), "'{}' has no value", full);
        } else {
            checker.one(item.second, *key, key->kind, full);
        }
    }
    for (const Key& key : table)
        if (key.required && !seen.contains(key.name))
            problems.add(place_of(node, file, path), "missing key '{}'{}{}", path.empty() ? key.name : path + "." + key.name,
                         key.doc.empty() ? "" : ": ", key.doc);
}

double quantity_in(const YAML::Node& scalar, std::string_view unit) {
    const auto q = parse_quantity(scalar.Scalar());
    const auto value = q ? convert(*q, unit) : std::nullopt;
    return value.value_or(0.0);
}

std::optional<double> read_quantity(const YAML::Node& map, const char* key, const char* unit) {
    const YAML::Node node = map[key];
    if (!node) return std::nullopt;
    const auto q = parse_quantity(node.IsMap() ? node["value"].Scalar() : node.Scalar());
    return q ? convert(*q, unit) : std::nullopt;
}

std::string read_text(const YAML::Node& map, const char* key, const std::string& absent) {
    const YAML::Node node = map[key];
    return node && node.IsScalar() ? node.Scalar() : absent;
}

nlohmann::json schema_of(const Table& table) {
    const std::function<nlohmann::json(const Key&, Kind)> one = [&](const Key& key, Kind kind) -> nlohmann::json {
        nlohmann::json s;
        const auto quantity = [&] {
            const bool number = key.units == "1";
            nlohmann::json q = {{"type", number ? nlohmann::json{"number", "string"} : nlohmann::json("string")}};
            if (number && std::isfinite(key.low)) q["minimum"] = key.low;
            if (number && std::isfinite(key.high)) q["maximum"] = key.high;
            if (!number) q["pattern"] = "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*\\S.*$";
            return q;
        };
        switch (kind) {
            case Kind::kText: s = {{"type", {"string", "number"}}}; break;
            case Kind::kChoice: s = {{"enum", key.choices}}; break;
            case Kind::kInteger:
                s = {{"type", "integer"}};
                if (std::isfinite(key.low)) s["minimum"] = key.low;
                if (std::isfinite(key.high)) s["maximum"] = key.high;
                break;
            case Kind::kBoolean: s = {{"type", "boolean"}}; break;
            case Kind::kQuantity: s = quantity(); break;
            case Kind::kValue:
                s = schema_of(kValueTable);
                s["properties"]["value"] = quantity();
                break;
            case Kind::kQuantities: s = {{"oneOf", {quantity(), {{"type", "array"}, {"items", quantity()}}}}}; break;
            case Kind::kMap: s = schema_of(key.nested); break;
            case Kind::kMapList: s = {{"type", "array"}, {"items", schema_of(key.nested)}}; break;
            case Kind::kMapOf: s = {{"type", "object"}, {"additionalProperties", one(key, key.element)}}; break;
            case Kind::kTextList: s = {{"type", "array"}}; break;
            case Kind::kAnything: s = nlohmann::json::object(); break;
        }
        if (!key.doc.empty()) s["description"] = key.units.empty() || key.units == "1" ? key.doc : key.doc + " [" + key.units + "]";
        return s;
    };
    nlohmann::json properties = nlohmann::json::object(), required = nlohmann::json::array();
    for (const Key& key : table) {
        properties[key.name] = one(key, key.kind);
        if (key.required) required.push_back(key.name);
    }
    nlohmann::json s = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
    if (!required.empty()) s["required"] = required;
    return s;
}

}  // namespace respine
