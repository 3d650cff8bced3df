#include "analysis/read/measure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/model/units.hpp"

namespace respine {

Shape Measure::shape() const {
    const QuantityRow* row = quantities.empty() ? nullptr : quantity_row(quantities.front());
    return row ? row->shape : Shape::kLine;
}

std::string Measure::unit(const std::function<std::string(const std::string&)>& unit_of) const {
    const std::string own =
        formula.empty() ? unit_of(quantities.front()) : unit_of_formula(formula, quantities, unit_of);
    const auto with = [&](const std::string& unit) {
        switch (against.partner == Partner::kNone ? Mode::kDifference : against.mode) {
            case Mode::kDifference:
                return unit;
            case Mode::kShare:
                return std::string("1");
            default:
                return std::string("%");
        }
    };
    switch (take->unit) {
        case TakeUnit::kHours:
            return with("h");
        case TakeUnit::kTruth:
            return "1";
        case TakeUnit::kTimesHours:
            return with(own == "1" ? "h" : own + " h");
        default:
            return with(own);
    }
}

std::optional<double> Measure::level_in(const std::string& own) const {
    if (level_unit.empty() || level_unit == own) return level;
    return convert(NumberWithUnit{level, level_unit}, own);
}

std::vector<double> Measure::sessions() const {
    if (shape() != Shape::kSessions) return {};
    std::vector<double> read;
    const std::string& name = quantities.front();
    if (name == "imaging_gained" || name == "imaging_lost") read = {0.0};
    if (name == "imaging_new_survival") read = {0.0, kNewUntil};
    if (against.partner == Partner::kTime) read.push_back(against.hours);
    if (time.single || take->time == TimeWanted::kEnds) read.push_back(time.from);
    if (take->time == TimeWanted::kEnds && std::isfinite(time.to)) read.push_back(time.to);
    return read;
}

std::string text_of(const MeasureWords& w) {
    return fmt::format("quantity '{}' take '{}' time '{}' against '{}'", w.quantity, w.take, w.time,
                       w.against);
}

std::string text_of(const Measure& m) {
    if (!m.formula.empty()) {
        Measure plain = m;
        plain.formula.clear();
        plain.quantities = {m.formula};
        return text_of(plain);
    }
    std::string text =
        fmt::format("{} of {}{}", m.take->name, fmt::join(m.quantities, " "), m.over_reference ? kOver : "");
    if (const std::string time = text_of(m.time); !time.empty()) text += " " + time;
    if (m.take->has_level)
        text += fmt::format(" level {}{}{}", m.level, m.level_unit.empty() ? "" : " ", m.level_unit);
    if (m.against.partner == Partner::kNone || m.against.partner == Partner::kRun) return text;
    const auto mode = std::find_if(std::begin(kModes), std::end(kModes),
                                   [&](const auto& row) { return row.second == m.against.mode; });
    return text + " against " + (mode == std::end(kModes) ? "" : std::string(mode->first)) + m.against.run;
}

}  // namespace respine
