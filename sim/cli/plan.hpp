// What a run would cost, for --dry-run.
#pragma once

#include "sim/simulation.hpp"

namespace respine {

// The resolved scenario, and its size, steps, memory and disk, on standard output.
void print_plan(const Inputs& inputs);

}  // namespace respine
