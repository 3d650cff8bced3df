#include "sim/expression/dimension.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/model/units.hpp"

namespace respine {

namespace {

// The first unit of each dimension of sim/model/units.cpp in base units.
struct Reference {
    std::string_view unit;
    Dimension dimension;
    double factor = 1.0;
};
constexpr Reference kReferences[] = {
    {"s", {{1}}},
    {"1/s", {{-1}}},
    {"1/Hz", {{1}}},
    {"uM", {{0, 1}}},
    {"mg", {{0, 0, 1}}},
    {"mg/kg", {{0, 0, 1, -1}}},
    {"kg", {{0, 0, 0, 1}}},
    {"L", {{0, 0, 0, 0, 1}}},
    {"L/h", {{-1, 0, 0, 0, 1}}, 1.0 / 3600.0},
    {"g/mol", {{0, 0, 1, 0, 0, 0, 0, -1}}, 1e3},
    {"ng/mL", {{0, 0, 1, 0, -1}}, 1e-3},
    {"um", {{0, 0, 0, 0, 0, 1}}},
    {"1/mm^3", {{0, 0, 0, 0, 0, -3}}, 1e-9},
    {"um^2/s", {{-1, 0, 0, 0, 0, 2}}},
    {"mV", {{0, 0, 0, 0, 0, 0, 1}}},
    {"1/(uM s)", {{-1, -1}}},
};

}  // namespace

Dimension Dimension::times(const Dimension& other, int sign) const {
    Dimension out = *this;
    for (size_t k = 0; k < power.size(); ++k) out.power[k] += sign * other.power[k];
    return out;
}

Dimension Dimension::raised(int n) const {
    Dimension out = *this;
    for (int& p : out.power) p *= n;
    return out;
}

std::string text_of(const Dimension& dimension) {
    if (dimension.plain()) return "a number";
    const auto product = [&](int sign) {
        std::string text;
        for (size_t k = 0; k < std::size(kBaseUnits); ++k) {
            const int p = sign * dimension.power[k];
            if (p <= 0) continue;
            text += (text.empty() ? "" : " ") + std::string(kBaseUnits[k]);
            if (p > 1) text += fmt::format("^{}", p);
        }
        return text;
    };
    const std::string above = product(1), below = product(-1);
    if (below.empty()) return above;
    const bool several = below.find(' ') != std::string::npos;
    return (above.empty() ? "1" : above) + "/" + (several ? "(" + below + ")" : below);
}

std::optional<UnitMeaning> meaning_of(std::string_view unit) {
    if (unit == "1" || unit == "fold" || unit == "count") return UnitMeaning{{}, 1.0};
    if (unit == "%") return UnitMeaning{{{0, 0, 0, 0, 0, 0, 0, 0, 1}}, 1.0};
    for (const Reference& r : kReferences)
        if (const auto factor = convert({1.0, std::string(unit)}, r.unit))
            return UnitMeaning{r.dimension, *factor * r.factor};
    return std::nullopt;
}

}  // namespace respine
