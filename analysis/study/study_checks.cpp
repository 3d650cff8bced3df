// What can be said of the outcomes of a study before any of its points runs.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/read/reading.hpp"
#include "analysis/study/study_points.hpp"

namespace respine {

namespace {

std::string hours_text(double hours) { return time_text(static_cast<Tick>(std::llround(hours * 3600.0))); }

}  // namespace

const std::vector<std::vector<std::string>>& StudyRunner::unreadable() {
    if (!unreadable_.empty()) return unreadable_;
    unreadable_.resize(spec_.outcomes.size());
    for (const StudyPoint& point : points_) {
        if (point.member + point.replicate > 0 || point.subject > 1)
            continue;  // members, seeds and subjects have the same times
        const Scenario s = scenario_of(point);
        notes_.insert(s.notes.begin(), s.notes.end());
        const Clock clock = clock_of_point(point, s);
        for (size_t o = 0; o < spec_.outcomes.size(); ++o)
            if (const std::string why = why_unreadable(spec_.outcomes[o].measure, s, clock); !why.empty())
                unreadable_[o].push_back(
                    fmt::format("{} (arm '{}', point {})", why, spec_.arms[point.arm].name, point.number));
    }
    return unreadable_;
}

// An arm without a drug is read once, so the arms that are held against it must all count from one time.
void StudyRunner::check_partners(Problems& problems) {
    std::set<std::string> told;
    for (const StudyPoint& point : points_) {
        if (point.arm + point.member + point.replicate > 0 || point.subject > 1) continue;
        std::map<std::string, Clock> dosed;  // the arms at this row that get a drug, and those that do not
        std::set<std::string> without;
        StudyPoint other = point;
        for (other.arm = 0; other.arm < spec_.arms.size(); ++other.arm) {
            const Scenario s = scenario_of(other);
            if (s.has_drug_dose())
                dosed.emplace(spec_.arms[other.arm].name, clock_of(s, s));
            else
                without.insert(spec_.arms[other.arm].name);
        }
        for (const OutcomeSpec& o : spec_.outcomes) {
            if (!without.contains(o.arm()) || o.measure.shape() == Shape::kOnce ||
                o.measure.time.since == Origin::kEnd)
                continue;
            std::map<double, std::string> zeros;
            for (const auto& [arm, clock] : dosed) zeros.emplace(zero_of(o.measure.time, clock), arm);
            if (zeros.size() > 1 && told.insert(o.name).second)
                problems.add({spec_.file, 0, 0},
                             "outcome '{}' is held against '{}', which has no drug and is read in one "
                             "window, but the {} dose is at {} in '{}' and at {} in '{}'; use times "
                             "'since time_0', or one study for each",
                             o.name, o.arm(), o.measure.time.since == Origin::kFirstDose ? "first" : "wanted",
                             hours_text(zeros.begin()->first), zeros.begin()->second,
                             hours_text(zeros.rbegin()->first), zeros.rbegin()->second);
        }
    }
}

std::vector<std::string> StudyRunner::notes() {
    std::vector<std::string> lines;
    for (size_t o = 0; o < spec_.outcomes.size(); ++o)
        if (const auto& reasons = unreadable()[o]; !reasons.empty() && reasons.size() < cells())
            lines.push_back(fmt::format("outcome '{}' stays blank in {} of {} rows and arms: {}",
                                        spec_.outcomes[o].name, reasons.size(), cells(), reasons.front()));
    lines.insert(lines.end(), notes_.begin(), notes_.end());
    return lines;
}

const std::vector<std::string>& StudyRunner::units() {
    if (!units_.empty()) return units_;
    Problems problems;
    std::vector<std::string> known;
    std::map<std::string, std::string> unit_of_observable;
    units_.resize(spec_.outcomes.size());
    StudyPoint point = points_.front();
    for (point.arm = 0; point.arm < spec_.arms.size() && std::count(units_.begin(), units_.end(), "") > 0;
         ++point.arm) {
        const Simulation sim(inputs_of(point));
        const Watch watch(spec_.outcomes, sim, {});
        const std::vector<std::string>& own = watch.units();
        for (size_t o = 0; o < own.size(); ++o) {
            if (units_[o].empty()) units_[o] = own[o];
            if (!watch.why_not()[o].empty() && point.arm == 0)
                problems.add({spec_.file, 0, 0}, "outcome '{}': {}", spec_.outcomes[o].name,
                             watch.why_not()[o]);
        }
        for (const Quantity& o : history_of(sim)) {
            known.push_back(o.name);
            unit_of_observable.emplace(o.name, o.unit);
        }
    }
    const Place whole{spec_.file, 0, 0};
    for (size_t o = 0; o < units_.size(); ++o) {
        const OutcomeSpec& outcome = spec_.outcomes[o];
        for (const std::string& name : outcome.measure.quantities) {
            const auto unit = unit_of_observable.find(name);
            const bool missing = unit == unit_of_observable.end() && !quantity_row(name);
            if (missing && units_[o].empty())
                problems.add(whole,
                             "outcome '{}': no arm has an observable '{}'{} (see: respine list observables)",
                             outcome.name, name, suggestion(name, known));
            if (!missing && !quantity_row(name) && !outcome.measure.level_in(unit->second))
                problems.add(whole, "outcome '{}': level is in {}, but '{}' is in {}", outcome.name,
                             outcome.measure.level_unit, name, unit->second);
        }
        if (const auto& reasons = unreadable()[o]; reasons.size() == cells())
            problems.add(whole, "outcome '{}': {}", outcome.name, reasons.front());
    }
    for (const std::string& name : spec_.histories)
        if (name != "all" && !unit_of_observable.contains(name))
            problems.add(whole,
                         "'histories': no arm has an observable '{}'{} (see: respine list observables)", name,
                         suggestion(name, known));
    check_partners(problems);
    problems.throw_if_any(Exit::kUsage);
    return units_;
}

}  // namespace respine
