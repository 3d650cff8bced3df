// Values that a user's formula makes of the history of a run.

#include <algorithm>

#include "analysis/read/measure.hpp"
#include "sim/expression/formula.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr double kSeconds = 3600.0;

Formula bound(const std::string& text, const std::vector<std::string>& quantities,
              const std::function<std::string(const std::string&)>& unit_of) {
    FormulaScope scope;
    scope.names = quantities;
    scope.over_time = true;
    scope.find = [&](std::string_view name) -> std::optional<Symbol> {
        const auto at = std::find(quantities.begin(), quantities.end(), name);
        if (at == quantities.end()) return std::nullopt;
        return Symbol{static_cast<u32>(at - quantities.begin()), unit_of(*at)};
    };
    Formula f(text, scope);
    if (f.is_course())
        throw FormulaError{
            1, "has a value at each time; take one of it, such as mean(...), max(...) or at(..., 24 h)"};
    return f;
}

std::string unit_of_value(const Formula& f, const std::vector<std::string>& quantities,
                          const std::function<std::string(const std::string&)>& unit_of) {
    const Dimension& dimension = f.dimension();
    if (dimension.plain()) return "1";
    if (dimension == kOfTime) return "h";
    for (const std::string& name : quantities)
        if (const auto unit = meaning_of(unit_of(name)); unit && unit->dimension == dimension)
            return unit_of(name);
    return text_of(dimension);
}

}  // namespace

std::vector<std::string> names_in(const std::string& formula) {
    std::vector<std::string> names;
    for (const Term& term : parse_formula(formula))
        if (term.op == Op::kName && !is_known_unit(term.word) &&
            std::find(names.begin(), names.end(), term.word) == names.end())
            names.push_back(term.word);
    return names;
}

std::string unit_of_formula(const std::string& formula, const std::vector<std::string>& quantities,
                            const std::function<std::string(const std::string&)>& unit_of) {
    return unit_of_value(bound(formula, quantities, unit_of), quantities, unit_of);
}

double value_of_formula(const std::string& formula, const std::vector<std::string>& quantities,
                        const std::vector<Curve>& curves, double zero) {
    if (curves.empty() || curves.front().time.empty()) return NAN;
    std::vector<double> time;
    for (const double hours : curves.front().time) time.push_back((hours - zero) * kSeconds);
    Course course{time, {}};
    for (const Curve& c : curves) {
        if (c.value.size() != time.size()) return NAN;
        course.values.emplace_back(c.value);
    }
    const auto unit_of = [&](const std::string& name) {
        return curves[static_cast<size_t>(std::find(quantities.begin(), quantities.end(), name) -
                                          quantities.begin())]
            .unit;
    };
    try {
        const Formula f = bound(formula, quantities, unit_of);
        const auto unit = meaning_of(unit_of_value(f, quantities, unit_of));
        return value_over(f, course) / (unit ? unit->factor : 1.0);
    } catch (const FormulaError&) {
        return NAN;
    }
}

}  // namespace respine
