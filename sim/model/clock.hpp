// When steps end: both clocks are fine after an event and ever coarser with the time since.
#pragma once

#include <span>

#include "sim/model/model.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// The clock of a run. Two rules stay on the shortest structural step: the growth rule follows rates, and the
// explicit integrator is the slow truth.
ClockParams clock_of(const Model& model, const Scenario& scenario);

// Of structure, from `now`, where one ended. `upheavals`: when treatments start and stop, new stress comes
// and the run ends, sorted. A step is at most `structural_growth` times the time since the last of these: 2,
// 4, 8 or 24 times the shortest, at most `longest_structural`. It begins at a multiple of its own length and
// crosses no upheaval and none of the `visits`, which may become one. So neither what is recorded nor where a
// run was stopped decides where steps lie.
Tick next_structural_step(const ClockParams& clock, Tick start, std::span<const Tick> upheavals,
                          std::span<const Tick> visits, Tick now);

// Of the slow variables, a part of what is left until `boundary`. `events`: when treatments start and stop,
// sorted.
Tick slow_step(const ClockParams& clock, Tick boundary, std::span<const Tick> events, Tick now);

}  // namespace respine
