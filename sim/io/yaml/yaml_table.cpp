// Tables of keys, and these as JSON Schema, for editors and for tests that hold both to the same judgement.

#include "sim/io/yaml/yaml_table.hpp"

#include <cmath>

namespace respine {

const Table& value_table() {
    static const Table table = {
        {.name = "value", .kind = Kind::kAnything, .required = true, .doc = "the number with its unit"},
        {.name = "range", .kind = Kind::kTextList, .doc = "range of belief: [low, high]"},
        {.name = "mark",
         .kind = Kind::kChoice,
         .required = true,
         .doc = "how far the number is to be trusted",
         .choices = {"R", "R2", "RD", "D", "rec", "A"}},
        {.name = "ref", .required = true, .doc = "where it comes from"},
    };
    return table;
}

Place place_of(const YAML::Node& node, const std::string& file, const std::string& path) {
    const YAML::Mark mark = node.Mark();
    if (mark.line < 0)
        return path.empty() ? Place{file, 1, 1}
                            : Place{"--set " + path, 0, 0};  // an empty document has no marks
    return {file, mark.line + 1, mark.column + 1};
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

u64 read_integer(const YAML::Node& map, const char* key, u64 absent) {
    if (!map || !map[key] || !map[key].IsScalar()) return absent;
    const auto number = parse_number(map[key].Scalar());
    return number && *number >= 0.0 && *number < 0x1p64 ? static_cast<u64>(*number) : absent;
}

std::string read_text(const YAML::Node& map, const char* key, const std::string& absent) {
    const YAML::Node node = map[key];
    return node && node.IsScalar() ? node.Scalar() : absent;
}

namespace {

nlohmann::json quantity_schema(const Key& key) {
    const bool number = key.units == "1";
    nlohmann::json s = {{"type", number ? nlohmann::json{"number", "string"} : nlohmann::json("string")}};
    if (number && std::isfinite(key.low)) s["minimum"] = key.low;
    if (number && std::isfinite(key.high)) s["maximum"] = key.high;
    s["pattern"] = std::string("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?") +
                   (number ? "( *(1|%))?$" : " *\\S.*$");
    return s;
}

nlohmann::json integer_schema(const Key& key) {
    nlohmann::json s = {{"type", "integer"}};
    if (std::isfinite(key.low)) s["minimum"] = key.low;
    if (std::isfinite(key.high)) s["maximum"] = key.high;
    return s;
}

nlohmann::json value_schema(const Key& key) {
    nlohmann::json s = schema_of(value_table());
    s["properties"]["value"] = quantity_schema(key);
    return s;
}

// What is taken without the key: a number or truth value where a file would have one.
nlohmann::json absent_value(const Key& key) {
    const bool plain = key.kind == Kind::kInteger || key.kind == Kind::kBoolean || key.units == "1";
    return plain ? nlohmann::json::parse(key.absent) : nlohmann::json(key.absent);
}

nlohmann::json property_schema(const Key& key, Kind kind);

nlohmann::json kind_schema(const Key& key, Kind kind) {
    switch (kind) {
        case Kind::kText:
            if (!key.pattern.empty()) return {{"type", "string"}, {"pattern", key.pattern}};
            return {{"type", {"string", "number"}}};
        case Kind::kChoice:
            if (key.or_path)
                return {
                    {"anyOf", {{{"enum", key.choices}}, {{"type", "string"}, {"pattern", "/|\\.ya?ml$"}}}}};
            return {{"enum", key.choices}};
        case Kind::kInteger:
            return integer_schema(key);
        case Kind::kBoolean:
            return {{"type", "boolean"}};
        case Kind::kQuantity:
            return quantity_schema(key);
        case Kind::kValue:
            return value_schema(key);
        case Kind::kQuantities:
            return {{"oneOf", {quantity_schema(key), {{"type", "array"}, {"items", quantity_schema(key)}}}}};
        case Kind::kMap:
            return schema_of(key.nested);
        case Kind::kMapList:
            return {{"type", "array"}, {"items", schema_of(key.nested)}};
        case Kind::kMapOf:
            return {{"type", "object"}, {"additionalProperties", property_schema(key, key.element)}};
        case Kind::kTextList:
            return {{"type", "array"}};
        case Kind::kAnything:
            return nlohmann::json::object();
    }
    return nlohmann::json::object();
}

nlohmann::json property_schema(const Key& key, Kind kind) {
    nlohmann::json s = kind_schema(key, kind);
    if (!key.doc.empty())
        s["description"] = key.units.empty() || key.units == "1" ? key.doc : key.doc + " [" + key.units + "]";
    if (!key.absent.empty()) s["default"] = absent_value(key);
    return s;
}

}  // namespace

nlohmann::json schema_of(const Table& table) {
    nlohmann::json properties = nlohmann::json::object(), required = nlohmann::json::array();
    for (const Key& key : table) {
        properties[key.name] = property_schema(key, key.kind);
        if (key.required) required.push_back(key.name);
    }
    nlohmann::json s = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
    if (!required.empty()) s["required"] = required;
    return s;
}

}  // namespace respine
