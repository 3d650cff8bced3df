// Each observable of the target table, computed from run files through the protocol of the study.
#pragma once

#include <string>

#include "analysis/read/run_file.hpp"
#include "analysis/validate/targets.hpp"

namespace respine {

// A time of the table ("40 min", "24 h", "5 d") in hours; NaN for words such as "steady".
double hours_of(const std::string& at);

// The row's value in one run, whose times count from `first_dose` [h on the clock of the scenario].
// `reference` is the reference run of the same seed, or null; it is read since its own first dose when it
// gets a drug, else over the same hours as the run. For rows of kind up, down and flat the value is that of
// the run alone. NaN when the run lacks what is asked; Error(kInternal) for an observable that nothing here
// knows.
double observe(const TargetRow& row, const RunFile& run, const RunFile* reference, double first_dose);

// A cohort row from a cohort file: responders [%] at a time, or median days from the last dose to relapse.
double observe_cohort(const TargetRow& row, const std::string& path);

bool is_cohort_row(const TargetRow& row);

}  // namespace respine
