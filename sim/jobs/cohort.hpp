// A cohort run: many drawn subjects, each with its own network, one file of outcomes.
#pragma once

#include <string>

#include "sim/io/run/checkpoint.hpp"
#include "sim/jobs/run.hpp"

namespace respine {

// Subjects 1..n in parallel, one thread each; /cohort holds response, density and the drawn values of each
// subject. A checkpoint keeps the subjects that are done; a resume runs the others.
void run_cohort(const Inputs& inputs, const RunOptions& options, const std::string& output,
                const RunInfo& info, Claim claim, const Checkpoint* from = nullptr);

}  // namespace respine
