// A user's own measurements as targets: CSV or TSV with a header. Needed: scenario, quantity, time, value,
// and sd, or counts (count of total) that give both. May be: id, reference, take (`at` without it), against,
// unit, source. The names of a PEtab measurement table are read too: observableId, simulationConditionId,
// measurement, noiseParameters, and time in hours.
#pragma once

#include <string>
#include <vector>

#include "analysis/validate/targets.hpp"

namespace respine {

// Each row as a target of kind `value`, whose band is two sd on either side. Throws Error(kInput) with every
// problem, by file and line; columns that nothing reads are told in `unused`.
std::vector<TargetRow> read_measurements(const std::string& path, std::vector<std::string>& unused);

}  // namespace respine
