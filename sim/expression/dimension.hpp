// What a value is measured in, as powers of a few base units, so that formulas can be checked for units.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "kernels/numerics/types.hpp"

namespace respine {

// Base units: s, uM, mg, kg, L, um, mV, mol, %. Body weight (kg) is kept apart from a dose's mass (mg), and
// percent from a plain number: `density < 90` where 90 % is meant would be true for ever.
inline constexpr std::string_view kBaseUnits[] = {"s", "uM", "mg", "kg", "L", "um", "mV", "mol", "%"};

struct Dimension {
    std::array<int, std::size(kBaseUnits)> power{};

    bool operator==(const Dimension&) const = default;
    bool plain() const { return *this == Dimension{}; }
    Dimension times(const Dimension& other, int sign = 1) const;
    Dimension raised(int n) const;
};
inline constexpr Dimension kOfTime{{1}};

std::string text_of(const Dimension& dimension);  // "mg/L"; "a number"

// A value in this unit times `factor` is in base units.
struct UnitMeaning {
    Dimension dimension;
    double factor;
};

// Every unit that scenarios and run files use; nothing for others.
std::optional<UnitMeaning> meaning_of(std::string_view unit);

}  // namespace respine
