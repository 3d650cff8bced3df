// The rows of the target table, measured in the run files of several seeds.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "analysis/read/reading.hpp"
#include "analysis/validate/targets.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// Where the run of a scenario with a seed lies. Arms of one seed share their random numbers.
using FileOf = std::function<std::string(const std::string& scenario, u64 seed)>;

// The scenarios that these rows need, their references included.
std::set<std::string> scenarios_of(const std::vector<TargetRow>& rows);

// Seeds 1 to `seeds`. Throws Error(kInput) when a run file is missing or unreadable.
TargetResult measure(const TargetRow& row, int seeds, const FileOf& file_of, OpenRuns& runs);

// Throws Error(kUsage) that names every imaging session which a row reads and its scenarios do not have.
void need_sessions(const std::vector<TargetRow>& rows,
                   const std::function<Scenario(const std::string&)>& scenario_of);

}  // namespace respine
