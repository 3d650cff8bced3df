// A cohort run: many drawn subjects, each with its own network, one file of outcomes.
#pragma once

#include <string>

#include "sim/cli/progress.hpp"
#include "sim/io/recorder.hpp"

namespace respine {

// Subjects 1..n in parallel, one thread each; /cohort holds response, density and the drawn values of each subject.
void run_cohort(const Inputs& inputs, const std::string& output, const RunInfo& info, ProgressStyle style);

// Whether Ctrl-C was pressed (run.cpp).
bool stop_requested();

}  // namespace respine
