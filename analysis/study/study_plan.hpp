// What a study would take, from a short pilot: for study run --dry-run.
#pragma once

#include "analysis/study/study_points.hpp"

namespace respine {

// Prints points, time, memory and disk for this many points at a time.
void print_study_plan(const StudySpec& spec, const std::vector<StudyPoint>& points, StudyRunner& runner,
                      int jobs);

}  // namespace respine
