// Finished files as measures read them.
#pragma once

#include <map>
#include <memory>

#include "analysis/read/measure.hpp"
#include "analysis/read/run_file.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// Since when a run is read: since its own doses or, when it gets no drug, since those of the run that it is
// compared with, null for none.
Clock clock_of(const RunFile& run, const RunFile* lender);

// Of a run of the scenario, read since the doses of `dosed`.
Clock clock_of(const Scenario& scenario, const Scenario& dosed);

// The run must outlive what is returned.
Sight sight_of(const RunFile& run, Clock clock);

// A cohort file: what its subjects answer at their visits.
Sight sight_of_cohort(const std::string& path);
bool is_of_cohort(const Measure& measure);

// Run files, opened once and kept.
class OpenRuns {
public:
    const RunFile* get(const std::string& path);
    bool is_cohort(const std::string& path);

private:
    std::map<std::string, std::unique_ptr<RunFile>> open_;
    std::map<std::string, bool> cohort_;
};

struct Number {
    double value;
    std::string unit;
};

// Of a run file or a cohort file. `reference`, "" for none, is the run that it is held against, and whose
// doses it is read since when it gets no drug. Throws Error(kInput) for a file that cannot be read, or lacks
// the quantity.
Number read_off(const Measure& measure, const std::string& path, const std::string& reference,
                OpenRuns& runs);

// The same by words, which may name what the file holds. Throws Error(kUsage) with every problem of them.
Number read_off(const MeasureWords& words, const std::string& path, const std::string& reference,
                OpenRuns& runs);

}  // namespace respine
