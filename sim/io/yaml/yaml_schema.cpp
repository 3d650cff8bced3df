// The tables of keys as JSON Schema, for editors and for tests that hold both to the same judgement.

#include <cmath>

#include "sim/io/yaml/yaml_table.hpp"

namespace respine {

nlohmann::json schema_of(const Table& table) {
    const std::function<nlohmann::json(const Key&, Kind)> one = [&](const Key& key,
                                                                    Kind kind) -> nlohmann::json {
        nlohmann::json s;
        const auto quantity = [&] {
            const bool number = key.units == "1";
            nlohmann::json q = {
                {"type", number ? nlohmann::json{"number", "string"} : nlohmann::json("string")}};
            if (number && std::isfinite(key.low)) q["minimum"] = key.low;
            if (number && std::isfinite(key.high)) q["maximum"] = key.high;
            q["pattern"] = std::string("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?") +
                           (number ? "( *(1|%))?$" : " *\\S.*$");
            return q;
        };
        switch (kind) {
            case Kind::kText:
                s = {{"type", {"string", "number"}}};
                break;
            case Kind::kChoice:
                s = {{"enum", key.choices}};
                break;
            case Kind::kInteger:
                s = {{"type", "integer"}};
                if (std::isfinite(key.low)) s["minimum"] = key.low;
                if (std::isfinite(key.high)) s["maximum"] = key.high;
                break;
            case Kind::kBoolean:
                s = {{"type", "boolean"}};
                break;
            case Kind::kQuantity:
                s = quantity();
                break;
            case Kind::kValue:
                s = schema_of(value_table());
                s["properties"]["value"] = quantity();
                break;
            case Kind::kQuantities:
                s = {{"oneOf", {quantity(), {{"type", "array"}, {"items", quantity()}}}}};
                break;
            case Kind::kMap:
                s = schema_of(key.nested);
                break;
            case Kind::kMapList:
                s = {{"type", "array"}, {"items", schema_of(key.nested)}};
                break;
            case Kind::kMapOf:
                s = {{"type", "object"}, {"additionalProperties", one(key, key.element)}};
                break;
            case Kind::kTextList:
                s = {{"type", "array"}};
                break;
            case Kind::kAnything:
                s = nlohmann::json::object();
                break;
        }
        if (!key.doc.empty())
            s["description"] =
                key.units.empty() || key.units == "1" ? key.doc : key.doc + " [" + key.units + "]";
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
