// What a run would cost: for --dry-run, and to refuse what cannot fit before anything is taken.
#pragma once

#include "sim/simulation.hpp"

namespace respine {

struct Cost {
    double neurons = 0.0, synapses = 0.0, slow_steps = 0.0, structural_steps = 0.0;
    double memory = 0.0, disk = 0.0;  // bytes, at the peak and at the end
};

Cost estimate(const Inputs& inputs, int threads);

// The resolved scenario, and its size, steps, memory and disk, on standard output.
void print_plan(const Inputs& inputs, int threads);

// Throws Error(kNumerical) when the run cannot fit into the memory that this process may take.
void need_memory_for(const Inputs& inputs, int threads);

}  // namespace respine
