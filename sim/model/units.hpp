// Quantities with units, as written in YAML and on the command line: "0.5 mg/kg", "40 min", "5.35 uM"; times
// also as sums: "3 d - 30 min".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace respine {

struct NumberWithUnit {
    double value;
    std::string unit;  // "1" when none is written
};

// A decimal number (no octal, hexadecimal, NaN or infinity) and an optional unit, or a sum of times, in the
// unit of the first; nullopt when the text is anything else.
std::optional<NumberWithUnit> parse_quantity(std::string_view text);

// The number alone, with the same strictness.
std::optional<double> parse_number(std::string_view text);

// The value in `unit`, or nullopt when the quantity has another dimension or an unknown unit.
std::optional<double> convert(const NumberWithUnit& quantity, std::string_view unit);

bool is_known_unit(std::string_view unit);

// Units of the same dimension as `unit`, for messages.
std::vector<std::string> units_like(std::string_view unit);

}  // namespace respine
