// A document held against its table of keys.

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/io/yaml/yaml_table.hpp"
#include "sim/io/yaml/yaml_words.hpp"

namespace respine {

namespace {

struct Checker {
    const std::string& file;
    Problems& problems;

    Place at(const YAML::Node& node, const std::string& path) const { return place_of(node, file, path); }

    bool scalar(const YAML::Node& node, const std::string& path, const std::string& wants) {
        if (node.IsScalar()) return true;
        problems.add(at(node, path), "'{}' wants {}, got {}", path, wants, shown(node));
        return false;
    }

    void quantity(const YAML::Node& node, const Key& key, const std::string& path) {
        const std::vector<std::string> units = split(key.units, '|');
        const std::string wants = key.units == "1" ? "a number" : "a quantity in " + units_text(units);
        if (!scalar(node, path, wants)) return;
        const std::string& text = node.Scalar();
        const auto q = parse_quantity(text);
        const std::string hint = number_hint(text);
        if (!q || !hint.empty()) {
            problems.add(at(node, path), "'{}' wants {}, got {}{}", path, wants, shown(text), hint);
            return;
        }
        if (!is_known_unit(q->unit)) {
            problems.add(at(node, path), "'{}' wants {}, got the unknown unit {}", path, wants,
                         shown(q->unit));
            return;
        }
        for (const std::string& unit : units) {
            const auto value = convert(*q, unit);
            if (!value) continue;
            if (*value < key.low || *value > key.high)
                problems.add(at(node, path), "'{}' must {}, got {}", path, limits_text(key, unit),
                             shown(text));
            return;
        }
        problems.add(at(node, path), "'{}' wants {}, got {}{}", path, wants, shown(text),
                     q->unit == "1" ? "; the unit is missing" : "");
    }

    void integer(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!scalar(node, path, "a whole number")) return;
        const auto value = parse_number(node.Scalar());
        if (!value || *value != std::floor(*value)) {
            problems.add(at(node, path), "'{}' wants a whole number, got {}{}", path, shown(node),
                         number_hint(node.Scalar()));
        } else if (*value < key.low || *value > key.high) {
            problems.add(at(node, path), "'{}' must lie between {:.0f} and {:.0f}, got {}", path, key.low,
                         key.high, shown(node));
        }
    }

    void choice(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!scalar(node, path, "one of " + join(key.choices, ", "))) return;
        if (key.or_path && is_path(node.Scalar())) return;
        if (std::find(key.choices.begin(), key.choices.end(), node.Scalar()) == key.choices.end())
            problems.add(at(node, path), "'{}' must be one of {}{}, got {}{}", path, join(key.choices, ", "),
                         key.or_path ? ", or the path of a .yaml file" : "", shown(node),
                         suggestion(node.Scalar(), key.choices));
    }

    void value(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!node.IsMap()) {
            problems.add(at(node, path),
                         "'{}' wants {{value, mark, ref}}, got {}: every number says where it comes from",
                         path, shown(node));
            return;
        }
        check_map(node, value_table(), path, file, problems);
        if (node["value"]) quantity(node["value"], key, path + ".value");
        const YAML::Node range = node["range"];
        if (!range || !range.IsSequence()) return;
        if (range.size() != 2)
            problems.add(at(range, path), "'{}.range' wants two numbers, got {}", path, range.size());
        for (size_t i = 0; i < range.size(); ++i) quantity(range[i], key, path + ".range");
    }

    void text(const YAML::Node& node, const std::string& path) {
        if (!scalar(node, path, "text")) return;
        if (node.Scalar().empty()) problems.add(at(node, path), "'{}' is empty", path);
        if (std::any_of(node.Scalar().begin(), node.Scalar().end(),
                        [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }))
            problems.add(at(node, path), "'{}' holds a control character: {}", path, shown(node));
    }

    void boolean(const YAML::Node& node, const std::string& path) {
        if (scalar(node, path, "true or false") && node.Scalar() != "true" && node.Scalar() != "false")
            problems.add(at(node, path), "'{}' wants true or false, got {}", path, shown(node));
    }

    bool list(const YAML::Node& node, const std::string& path) {
        if (!node.IsSequence()) problems.add(at(node, path), "'{}' wants a list, got {}", path, shown(node));
        return node.IsSequence();
    }

    void quantities(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!node.IsSequence()) return quantity(node, key, path);
        for (size_t i = 0; i < node.size(); ++i) quantity(node[i], key, fmt::format("{}[{}]", path, i));
    }

    void map_list(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!list(node, path)) return;
        for (size_t i = 0; i < node.size(); ++i)
            check_map(node[i], key.nested, fmt::format("{}[{}]", path, i), file, problems);
    }

    void one(const YAML::Node& node, const Key& key, Kind kind, const std::string& path) {
        switch (kind) {
            case Kind::kText:
                return text(node, path);
            case Kind::kChoice:
                return choice(node, key, path);
            case Kind::kInteger:
                return integer(node, key, path);
            case Kind::kBoolean:
                return boolean(node, path);
            case Kind::kQuantity:
                return quantity(node, key, path);
            case Kind::kValue:
                return value(node, key, path);
            case Kind::kQuantities:
                return quantities(node, key, path);
            case Kind::kMap:
                return check_map(node, key.nested, path, file, problems);
            case Kind::kMapList:
                return map_list(node, key, path);
            case Kind::kMapOf:
                return map_of(node, key, path);
            case Kind::kTextList:
                list(node, path);
                return;
            case Kind::kAnything:
                return;
        }
    }

    void map_of(const YAML::Node& node, const Key& key, const std::string& path) {
        if (!node.IsMap()) {
            problems.add(at(node, path), "'{}' wants a map, got {}", path, shown(node));
            return;
        }
        std::set<std::string> seen;
        for (const auto& item : node) {
            const std::string name = item.first.IsScalar() ? item.first.Scalar() : "";
            if (!seen.insert(name).second)
                problems.add(at(item.first, path), "duplicate key '{}.{}'", path, name);
            one(item.second, key, key.element, path + "." + name);
        }
    }
};

// What an unknown key may have been meant for.
std::string known_keys(const std::string& name, const Table& table) {
    constexpr size_t kMostNamesShown = 29;
    std::vector<std::string> names;
    for (const Key& key : table) names.push_back(key.name);
    const std::string help = suggestion(name, names);
    if (!help.empty()) return help;
    return names.size() <= kMostNamesShown ? "; known: " + join(names, ", ")
                                           : "; all are in: respine check --schema";
}

}  // namespace

void check_map(const YAML::Node& node, const Table& table, const std::string& path, const std::string& file,
               Problems& problems) {
    Checker checker{file, problems};
    if (!node.IsMap()) {
        problems.add(place_of(node, file, path), "{} wants a map, got {}",
                     path.empty() ? "the document" : "'" + path + "'", shown(node));
        return;
    }
    const auto full = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
    std::set<std::string> seen;
    for (const auto& item : node) {
        const Place at = place_of(item.first, file, item.first.IsScalar() ? full(item.first.Scalar()) : path);
        if (!item.first.IsScalar()) {
            problems.add(at, "a key must be plain text, got {}", shown(item.first));
            continue;
        }
        const std::string& name = item.first.Scalar();
        const auto key =
            std::find_if(table.begin(), table.end(), [&](const Key& k) { return k.name == name; });
        if (!seen.insert(name).second)
            problems.add(at, "duplicate key '{}'", full(name));
        else if (key == table.end())
            problems.add(at, "unknown key {}{}", shown(full(name)), known_keys(name, table));
        else if (item.second.IsNull())
            problems.add(at, "'{}' has no value", full(name));
        else
            checker.one(item.second, *key, key->kind, full(name));
    }
    for (const Key& key : table)
        if (key.required && !seen.contains(key.name))
            problems.add(place_of(node, file, path), "missing key '{}'{}", full(key.name), meaning(key));
}

}  // namespace respine
