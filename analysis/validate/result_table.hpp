// The targets and what the model gives, as a table for a terminal.
#pragma once

#include <vector>

#include "analysis/validate/targets.hpp"

namespace respine {

// Mean and standard error over seeds, with the verdict.
void print_table(const std::vector<TargetResult>& outcomes);

// Under the members of an ensemble, whose values stand as those of seeds: what the data leave open of each
// target, and in how many members it passes.
void print_bands(const std::vector<TargetResult>& outcomes);

}  // namespace respine
