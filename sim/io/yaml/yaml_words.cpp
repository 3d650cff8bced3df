#include "sim/io/yaml/yaml_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace respine {

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::stringstream in(text);
    for (std::string part; std::getline(in, part, at);) parts.push_back(part);
    return parts;
}

std::string join(const std::vector<std::string>& parts, const char* between) {
    return fmt::format("{}", fmt::join(parts, between));
}

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

namespace {

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

}  // namespace

std::string limits_text(const Key& key, const std::string& unit) {
    if (!std::isfinite(key.high)) return "be at least " + limit_text(key.low, unit);
    if (!std::isfinite(key.low)) return "be at most " + limit_text(key.high, unit);
    return fmt::format("lie between {} and {}", limit_text(key.low, unit), limit_text(key.high, unit));
}

std::string meaning(const Key& key) {
    if (!key.choices.empty()) return fmt::format(" ({}: one of {})", key.doc, join(key.choices, ", "));
    if (key.doc.empty()) return "";
    return fmt::format(
        " ({}{})", key.doc,
        key.units.empty() || key.units == "1" ? "" : ", in " + join(split(key.units, '|'), " or "));
}

std::string units_text(const std::vector<std::string>& units) {
    std::vector<std::string> others;
    for (const std::string& unit : units)
        for (const std::string& other : units_like(unit))
            if (std::find(units.begin(), units.end(), other) == units.end()) others.push_back(other);
    return join(units, " or ") + (others.empty() ? "" : " (or " + join(others, ", ") + ")");
}

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

}  // namespace respine
