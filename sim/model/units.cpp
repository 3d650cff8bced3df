#include "sim/model/units.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace respine {

namespace {

struct Unit {
    std::string_view name, dimension;
    double factor;  // to the first unit of its dimension
};

constexpr Unit kUnits[] = {
    {"1", "number", 1.0},
    {"%", "number", 0.01},
    {"s", "time", 1.0},
    {"ms", "time", 1e-3},
    {"min", "time", 60.0},
    {"h", "time", 3600.0},
    {"d", "time", 86400.0},
    {"1/s", "rate", 1.0},
    {"Hz", "rate", 1.0},
    {"1/min", "rate", 1.0 / 60.0},
    {"1/h", "rate", 1.0 / 3600.0},
    {"1/d", "rate", 1.0 / 86400.0},
    {"uM", "concentration", 1.0},
    {"µM", "concentration", 1.0},
    {"μM", "concentration", 1.0},
    {"nM", "concentration", 1e-3},
    {"mM", "concentration", 1e3},
    {"mg", "mass", 1.0},
    {"ug", "mass", 1e-3},
    {"g", "mass", 1e3},
    {"mg/kg", "dose", 1.0},
    {"ug/kg", "dose", 1e-3},
    {"kg", "weight", 1.0},
    {"L", "volume", 1.0},
    {"mL", "volume", 1e-3},
    {"L/h", "flow", 1.0},
    {"mL/min", "flow", 0.06},
    {"g/mol", "molar mass", 1.0},
    {"ng/mL", "mass concentration", 1.0},
    {"um", "length", 1.0},
    {"µm", "length", 1.0},
    {"μm", "length", 1.0},
    {"mm", "length", 1e3},
    {"1/mm^3", "density", 1.0},
    {"mV", "potential", 1.0},
    {"um^2/s", "diffusion", 1.0},
    {"1/(uM s)", "binding", 1.0},
    {"1/Hz", "time per", 1.0},
};

const Unit* find_unit(std::string_view name) {
    const auto* at =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& u) { return u.name == name; });
    return at == std::end(kUnits) ? nullptr : at;
}

// Length of the decimal number at the front of the text, 0 when there is none or it is octal-like (010).
size_t number_length(std::string_view t) {
    size_t i = 0;
    const auto digits = [&] {
        const size_t from = i;
        while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i;
        return i - from;
    };
    if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
    const size_t first = i, whole = digits();
    if (whole > 1 && t[first] == '0') return 0;
    size_t fraction = 0;
    if (i < t.size() && t[i] == '.') {
        ++i;
        fraction = digits();
    }
    if (whole + fraction == 0) return 0;
    if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
        const size_t mark = i++;
        if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
        if (digits() == 0) i = mark;
    }
    return i;
}

}  // namespace

namespace {

// A number with one unit.
std::optional<NumberWithUnit> parse_term(std::string_view text) {
    const size_t length = number_length(text);
    if (length == 0) return std::nullopt;
    std::string_view number = text.substr(0, length), unit = text.substr(length);
    if (number.front() == '+') number.remove_prefix(1);
    double value = 0.0;
    const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
    if (result.ec != std::errc() || result.ptr != number.data() + number.size() || !std::isfinite(value))
        return std::nullopt;
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    while (!unit.empty() && unit.back() == ' ') unit.remove_suffix(1);
    return NumberWithUnit{value, unit.empty() ? "1" : std::string(unit)};
}

// Times in a row, in the unit of the first; nullopt for a single one, and for anything else.
std::optional<NumberWithUnit> parse_sum_of_times(std::string_view text) {
    const auto end_of_term = [](std::string_view t) {
        return std::min(t.find_first_of("+-", number_length(t)), t.size());
    };
    size_t end = end_of_term(text);
    if (end == text.size()) return std::nullopt;
    auto sum = parse_term(text.substr(0, end));
    const Unit* unit = sum ? find_unit(sum->unit) : nullptr;
    if (!unit || unit->dimension != "time") return std::nullopt;
    while (end < text.size()) {
        const double sign = text[end] == '+' ? 1.0 : -1.0;
        text.remove_prefix(end + 1);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        end = end_of_term(text);
        const auto term = text.find_first_of("+-") == 0 ? std::nullopt : parse_term(text.substr(0, end));
        const auto value = term ? convert(*term, sum->unit) : std::nullopt;
        if (!value) return std::nullopt;
        sum->value += sign * *value;
    }
    return sum;
}

}  // namespace

std::optional<NumberWithUnit> parse_quantity(std::string_view text) {
    const auto sum = parse_sum_of_times(text);
    return sum ? sum : parse_term(text);
}

std::optional<double> parse_number(std::string_view text) {
    const auto q = parse_quantity(text);
    if (!q || q->unit != "1" || number_length(text) != text.size()) return std::nullopt;
    return q->value;
}

std::optional<double> convert(const NumberWithUnit& quantity, std::string_view unit) {
    const Unit* from = find_unit(quantity.unit);
    const Unit* to = find_unit(unit);
    if (!from || !to || from->dimension != to->dimension) return std::nullopt;
    if (from == to) return quantity.value;
    return quantity.value * (from->factor / to->factor);
}

bool is_known_unit(std::string_view unit) { return find_unit(unit) != nullptr; }

std::vector<std::string> units_like(std::string_view unit) {
    std::vector<std::string> names;
    if (const Unit* wanted = find_unit(unit))
        for (const Unit& u : kUnits)
            if (u.dimension == wanted->dimension && static_cast<unsigned char>(u.name.front()) < 128)
                names.emplace_back(u.name);
    return names;
}

}  // namespace respine
