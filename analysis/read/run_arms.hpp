// Which runs are replicates of each other, and since when each is read.
#pragma once

#include <string>
#include <vector>

#include "analysis/read/run_file.hpp"

namespace respine {

// Runs that differ in the seed alone, or in the member of an ensemble of parameter sets. The label is their
// name and, where runs of one name differ in more, what sets these apart.
struct RunArm {
    std::string label;
    std::vector<const RunFile*> runs;
};

// Throws Error(kUsage) for two runs with the same seed, member and settings: a copy is no replicate.
std::vector<RunArm> group_arms(const std::vector<RunFile>& runs);

// The arm that a path, a name or a label means. Throws Error(kUsage) when none does, or several.
const RunArm& find_arm(const std::vector<RunArm>& arms, const std::string& wanted);

}  // namespace respine
