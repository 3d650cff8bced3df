#include "sim/mechanism/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr Dimension kRate{{-1}};  // 1/s

// What each formula of a mechanism is measured in.
struct Wanted {
    const char* key;
    std::string Mechanism::*text;
    Dimension dimension;
    std::string words;
};
std::vector<Wanted> wanted_of(const Mechanism& m) {
    const std::optional<UnitMeaning> unit = meaning_of(m.unit);
    const Dimension own = unit ? unit->dimension : Dimension{};
    return {{"production", &Mechanism::production, own.times(kRate), m.unit + " a time, such as 0.1/h * ..."},
            {"decay", &Mechanism::decay, kRate, "1 a time, such as 1/(2 h)"},
            {"initial", &Mechanism::initial, own, m.unit},
            {"factor", &Mechanism::factor, {}, "a number, such as 1 + 0.2 * (" + m.name + " - 1)"}};
}

std::optional<std::string> wrong_formula(const Mechanism& m, const Wanted& wanted,
                                         const FormulaScope& scope) {
    const std::string& text = m.*wanted.text;
    if (text.empty()) return std::nullopt;
    try {
        const Formula f(text, scope);
        if (f.is_condition()) return fmt::format("is a condition; write {}", wanted.words);
        if (f.dimension() != wanted.dimension)
            return fmt::format("is measured in {}, and {} is wanted: {}", text_of(f.dimension()),
                               text_of(wanted.dimension), wanted.words);
    } catch (const FormulaError& e) {
        return e.text();
    }
    return std::nullopt;
}

bool is_identifier(const std::string& name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return !name.empty() && name.size() <= 40 && letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

std::vector<NamedUnit> with_constants(std::span<const NamedUnit> readable, const Mechanism& m) {
    std::vector<NamedUnit> names(readable.begin(), readable.end());
    for (const auto& [name, text] : m.constants) {
        const auto quantity = parse_quantity(text);
        names.push_back({name, quantity ? quantity->unit : "1"});
    }
    return names;
}

std::vector<MechanismProblem> problems_of(std::span<const Mechanism> mechanisms,
                                          std::span<const NamedUnit> readable) {
    std::vector<MechanismProblem> found;
    for (size_t k = 0; k < mechanisms.size(); ++k) {
        const Mechanism& m = mechanisms[k];
        const auto wrong = [&](const char* key, std::string what) {
            found.push_back({k, key, std::move(what)});
        };
        const FormulaScope scope = scope_of(with_constants(readable, m));
        const auto need_name = [&](const char* key, const std::string& name) {
            if (!is_identifier(name))
                wrong(key,
                      fmt::format("'{}' is no name: small letters, digits and _, a letter first, at most 40",
                                  name));
            else if (std::ranges::count(scope.names, name) > 1 || meaning_of(name))
                wrong(key, fmt::format("'{}' means something else already; choose another", name));
        };
        need_name("name", m.name);
        for (const auto& [name, text] : m.constants) {
            need_name("constants", name);
            const auto quantity = parse_quantity(text);
            if (!quantity || !meaning_of(quantity->unit))
                wrong("constants",
                      fmt::format("'{}: {}' is no number with a unit that formulas know, such as "
                                  "20 min",
                                  name, text));
        }
        if (!meaning_of(m.unit)) wrong("unit", fmt::format("no formula can hold the unit {}", m.unit));
        for (const Wanted& w : wanted_of(m))
            if (auto what = wrong_formula(m, w, scope)) wrong(w.key, std::move(*what));
        if (m.acts_on == ActsOn::kNothing && !m.factor.empty())
            wrong("factor", "has no meaning where the mechanism acts on nothing; say what in 'acts_on'");
        if (m.acts_on != ActsOn::kNothing && m.factor.empty())
            wrong("acts_on", fmt::format("wants a 'factor' by which it scales {}", word_of(m.acts_on)));
    }
    return found;
}

}  // namespace respine
