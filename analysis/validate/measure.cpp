#include "analysis/validate/measure.hpp"

#include <algorithm>
#include <cmath>

#include "sim/model/error.hpp"

namespace respine {

const RunFile* OpenRuns::get(const std::string& path) {
    auto& slot = open_[path];
    if (!slot) slot = std::make_unique<RunFile>(path);
    return slot.get();
}

std::set<std::string> scenarios_of(const std::vector<TargetRow>& rows) {
    std::set<std::string> names;
    for (const TargetRow& r : rows) {
        names.insert(r.scenario);
        if (!r.reference.empty()) names.insert(r.reference);
    }
    return names;
}

namespace {

// When the sessions are that a row compares [h]: the one of its time, and the one that it is held against.
std::vector<double> sessions_read(const TargetRow& row) {
    constexpr double kBeforeStress = -72.0, kBeforeDose = -24.0, kSecond = 48.0;
    const std::string& what = row.observable;
    const size_t to = row.at.find("to ");
    const double at = hours_of(to == std::string::npos ? row.at : row.at.substr(to + 3));
    if (what == "imaging density difference") return {kBeforeStress, at};
    if (what.ends_with(" excess") && what.starts_with("imaging ")) return {kBeforeDose, at};
    if (what == "imaging formation" || what == "imaging elimination") return {0.0, at};
    if (what == "imaging new-spine survival") return {0.0, kSecond, kSecond + at};
    if (what == "imaging head width new/existing") return {at};
    return {};
}

// Hours since the first dose, as observe() counts them.
bool has_session(const Scenario& s, Tick first_dose, double hours) {
    return std::any_of(s.sessions.begin(), s.sessions.end(),
                       [&](Tick t) { return std::fabs(in_hours(t - first_dose) - hours) < 0.01; });
}

}  // namespace

void need_sessions(const std::vector<TargetRow>& rows,
                   const std::function<Scenario(const std::string&)>& scenario_of) {
    Problems problems;
    for (const TargetRow& row : rows)
        for (const std::string& name : scenarios_of({row})) {
            const std::vector<double> read = sessions_read(row);
            if (read.empty()) continue;
            const Scenario s = scenario_of(name);
            const std::string& partner =
                name == row.scenario && !row.reference.empty() ? row.reference : row.scenario;
            const Scenario lender = s.has_drug_dose() ? s : scenario_of(partner);
            const Tick first_dose = lender.has_drug_dose() ? lender.first_dose() : s.first_dose();
            for (const double hours : read)
                if (!has_session(s, first_dose, hours))
                    problems.add({s.file},
                                 "target {}: '{}' reads an imaging session at {:g} d of the first dose, and "
                                 "this scenario has "
                                 "none; add it to imaging.sessions",
                                 row.id, row.observable, hours / 24.0);
        }
    problems.throw_if_any(Exit::kUsage);
}

TargetResult measure(const TargetRow& row, int seeds, const FileOf& file_of, OpenRuns& runs) {
    std::vector<double> values, references;
    const bool compared = row.kind == "up" || row.kind == "down" || row.kind == "flat";
    for (u64 seed = 1; seed <= static_cast<u64>(seeds); ++seed) {
        const std::string path = file_of(row.scenario, seed);
        if (is_cohort_row(row)) {
            values.push_back(observe_cohort(row, path));
            continue;
        }
        const RunFile* reference = row.reference.empty() ? nullptr : runs.get(file_of(row.reference, seed));
        const RunFile* run = runs.get(path);
        const bool borrows = !run->has_drug_dose() && reference && reference->has_drug_dose();
        const double first_dose = (borrows ? reference : run)->first_dose();
        values.push_back(observe(row, *run, reference, first_dose));
        if (compared && reference)
            references.push_back(observe(row, *reference, nullptr,
                                         reference->has_drug_dose() ? reference->first_dose() : first_dose));
    }
    return judge(row, values, references);
}

}  // namespace respine
