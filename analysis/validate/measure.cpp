#include "analysis/validate/measure.hpp"

#include <algorithm>
#include <cmath>

#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

std::set<std::string> scenarios_of(const std::vector<TargetRow>& rows) {
    std::set<std::string> names;
    for (const TargetRow& r : rows) {
        names.insert(r.scenario);
        if (!r.reference.empty()) names.insert(r.reference);
    }
    return names;
}

namespace {

bool has_session(const std::vector<Tick>& sessions, double hours) {
    return std::any_of(sessions.begin(), sessions.end(),
                       [&](Tick t) { return std::fabs(in_hours(t) - hours) < kTimeSlack; });
}

// In the unit of the row, where that is another one of the same kind.
double in_unit_of(const TargetRow& row, const Number& n) {
    const double factor = convert({1.0, n.unit}, row.unit).value_or(1.0);
    return factor < 1.0 ? n.value / *convert({1.0, row.unit}, n.unit) : n.value * factor;
}

}  // namespace

void need_sessions(const std::vector<TargetRow>& rows,
                   const std::function<Scenario(const std::string&)>& scenario_of) {
    Problems problems;
    for (const TargetRow& row : rows)
        for (const std::string& name : scenarios_of({row})) {
            const std::vector<double> read = row.measure.sessions();
            if (read.empty()) continue;
            const Scenario s = scenario_of(name);
            const std::string& partner =
                name == row.scenario && !row.reference.empty() ? row.reference : row.scenario;
            const Scenario lender = s.has_drug_dose() ? s : scenario_of(partner);
            const double zero = zero_of(row.measure.time, clock_of(s, lender.has_drug_dose() ? lender : s));
            const bool of_coordination = !coordination_dataset(row.measure.quantities.front()).empty();
            for (const double hours : read)
                if (!has_session(of_coordination ? s.coordination.sessions : s.sessions, zero + hours))
                    problems.add(
                        {s.file},
                        "target {}: '{}' reads {} at {:g} d of the first dose, and this scenario has "
                        "none; add it to {}.sessions",
                        row.id, row.what,
                        of_coordination ? "a session of coordination" : "an imaging session", hours / 24.0,
                        of_coordination ? "coordination" : "imaging");
        }
    problems.throw_if_any(Exit::kUsage);
}

TargetResult measure(const TargetRow& row, int seeds, const FileOf& file_of, OpenRuns& runs) {
    std::vector<double> values, references;
    const auto read = [&](const std::string& path, const std::string& other) {
        return in_unit_of(row, read_off(row.measure, path, other, runs));
    };
    for (u64 seed = 1; seed <= static_cast<u64>(seeds); ++seed) {
        const std::string path = file_of(row.scenario, seed),
                          reference = row.reference.empty() ? "" : file_of(row.reference, seed);
        values.push_back(read(path, reference));
        if (row.compares() && !reference.empty()) references.push_back(read(reference, path));
    }
    return judge(row, values, references);
}

}  // namespace respine
