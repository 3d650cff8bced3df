#include "analysis/measure.hpp"

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

Outcome measure(const TargetRow& row, int seeds, const FileOf& file_of, OpenRuns& runs) {
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
        if (compared && reference) references.push_back(observe(row, *reference, nullptr, reference->has_drug_dose() ? reference->first_dose() : first_dose));
    }
    return judge(row, values, references);
}

}  // namespace respine
