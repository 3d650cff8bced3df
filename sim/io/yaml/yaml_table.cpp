#include "sim/io/yaml/yaml_table.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

namespace respine {

namespace {

constexpr size_t kMostNamesShown = 24;

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::stringstream in(text);
    for (std::string part; std::getline(in, part, at);) parts.push_back(part);
    return parts;
}

std::string join(const std::vector<std::string>& parts, const char* between) {
    return fmt::format("{}", fmt::join(parts, between));
}

// A user's text inside a message: short, on one line, and without the control characters that a terminal
// would obey.
std::string shown(std::string text) {
    constexpr size_t kLongest = 60;
    if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return "'" + text + "'";
}

std::string shown(const YAML::Node& node) {
    switch (node.Type()) {
        case YAML::NodeType::Map:
            return "a map";
        case YAML::NodeType::Sequence:
            return "a list";
        case YAML::NodeType::Null:
            return "nothing";
        default:
            return shown(node.Scalar());
    }
}

std::string with_unit(double value, const std::string& unit) {
    return unit == "1" ? fmt::format("{:.10g}", value) : fmt::format("{:.10g} {}", value, unit);
}

// A limit in the unit that makes it a round number: 1 min, not 0.000694444 d.
std::string limit_text(double value, const std::string& unit) {
    std::vector<std::string> units = units_like(unit);
    std::reverse(units.begin(), units.end());
    units.insert(units.begin(), unit);
    for (const std::string& other : units) {
        const double thousandths = 1e3 * convert({value, unit}, other).value_or(NAN);
        if (std::fabs(thousandths - std::round(thousandths)) <= 1e-9 * std::fabs(thousandths))
            return with_unit(std::round(thousandths) / 1e3, other);
    }
    return with_unit(value, unit);
}

std::string limits_text(const Key& key, const std::string& unit) {
    if (!std::isfinite(key.high)) return "be at least " + limit_text(key.low, unit);
    if (!std::isfinite(key.low)) return "be at most " + limit_text(key.high, unit);
    return fmt::format("lie between {} and {}", limit_text(key.low, unit), limit_text(key.high, unit));
}

// What a missing key would say.
std::string meaning(const Key& key) {
    if (!key.choices.empty()) return fmt::format(" ({}: one of {})", key.doc, join(key.choices, ", "));
    if (key.doc.empty()) return "";
    return fmt::format(
        " ({}{})", key.doc,
        key.units.empty() || key.units == "1" ? "" : ", in " + join(split(key.units, '|'), " or "));
}

// "mg/kg or mg", and in brackets the other units of those kinds.
std::string units_text(const std::vector<std::string>& units) {
    std::vector<std::string> others;
    for (const std::string& unit : units)
        for (const std::string& other : units_like(unit))
            if (std::find(units.begin(), units.end(), other) == units.end()) others.push_back(other);
    return join(units, " or ") + (others.empty() ? "" : " (or " + join(others, ", ") + ")");
}

// Why a text that looks like a number is none; "" when it does not look like one.
std::string number_hint(const std::string& text) {
    const size_t at = std::min(text.find_first_not_of("+-"), text.size());
    const auto digit = [&](size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    if (!digit(at)) return "";
    const size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    if (text[at] == '0' && end == at + 1 && end < text.size() && (text[end] == 'x' || text[end] == 'X'))
        return "; numbers are decimal";
    if (text[at] == '0' && digit(at + 1)) return "; a number does not begin with 0";
    if (end < text.size() && (text[end] == ',' || text[end] == '_') && digit(end + 1))
        return "; write it with a decimal point and without separators";
    return parse_quantity(text) ? "" : "; it is too large or too small";
}

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
        if (std::find(key.choices.begin(), key.choices.end(), node.Scalar()) == key.choices.end())
            problems.add(at(node, path), "'{}' must be one of {}, got {}{}", path, join(key.choices, ", "),
                         shown(node), suggestion(node.Scalar(), key.choices));
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

    void one(const YAML::Node& node, const Key& key, Kind kind, const std::string& path) {
        switch (kind) {
            case Kind::kText:
                return text(node, path);
            case Kind::kChoice:
                return choice(node, key, path);
            case Kind::kInteger:
                return integer(node, key, path);
            case Kind::kBoolean:
                if (scalar(node, path, "true or false") && node.Scalar() != "true" &&
                    node.Scalar() != "false")
                    problems.add(at(node, path), "'{}' wants true or false, got {}", path, shown(node));
                return;
            case Kind::kQuantity:
                return quantity(node, key, path);
            case Kind::kValue:
                return value(node, key, path);
            case Kind::kQuantities:
                if (!node.IsSequence()) return quantity(node, key, path);
                for (size_t i = 0; i < node.size(); ++i)
                    quantity(node[i], key, fmt::format("{}[{}]", path, i));
                return;
            case Kind::kMap:
                return check_map(node, key.nested, path, file, problems);
            case Kind::kMapList:
                if (!node.IsSequence()) {
                    problems.add(at(node, path), "'{}' wants a list, got {}", path, shown(node));
                    return;
                }
                for (size_t i = 0; i < node.size(); ++i)
                    check_map(node[i], key.nested, fmt::format("{}[{}]", path, i), file, problems);
                return;
            case Kind::kMapOf:
                return map_of(node, key, path);
            case Kind::kTextList:
                if (!node.IsSequence())
                    problems.add(at(node, path), "'{}' wants a list, got {}", path, shown(node));
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

}  // namespace

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

void check_map(const YAML::Node& node, const Table& table, const std::string& path, const std::string& file,
               Problems& problems) {
    Checker checker{file, problems};
    if (!node.IsMap()) {
        problems.add(place_of(node, file, path), "{} wants a map, got {}",
                     path.empty() ? "the document" : "'" + path + "'", shown(node));
        return;
    }
    std::vector<std::string> names;
    for (const Key& key : table) names.push_back(key.name);
    std::set<std::string> seen;
    for (const auto& item : node) {
        if (!item.first.IsScalar()) {
            problems.add(place_of(item.first, file, path), "a key must be plain text, got {}",
                         shown(item.first));
            continue;
        }
        const std::string& name = item.first.Scalar();
        const std::string full = path.empty() ? name : path + "." + name;
        const auto key =
            std::find_if(table.begin(), table.end(), [&](const Key& k) { return k.name == name; });
        if (!seen.insert(name).second) {
            problems.add(place_of(item.first, file, full), "duplicate key '{}'", full);
        } else if (key == table.end()) {
            std::string help = suggestion(name, names);
            if (help.empty())
                help = names.size() <= kMostNamesShown ? "; known: " + join(names, ", ")
                                                       : "; all are in: respine check --schema";
            problems.add(place_of(item.first, file, full), "unknown key {}{}", shown(full), help);
        } else if (item.second.IsNull()) {
            problems.add(place_of(item.first, file, full), "'{}' has no value", full);
        } else {
            checker.one(item.second, *key, key->kind, full);
        }
    }
    for (const Key& key : table)
        if (key.required && !seen.contains(key.name))
            problems.add(place_of(node, file, path), "missing key '{}'{}",
                         path.empty() ? key.name : path + "." + key.name, meaning(key));
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

}  // namespace respine
