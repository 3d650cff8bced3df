// What a run would cost: for --dry-run, and to refuse what cannot fit before anything is taken.
#pragma once

#include "sim/simulation.hpp"

namespace respine {

struct Processes {
    int threads = 1;          // of each rank
    u32 ranks = 1, here = 1;  // processes that share the network; those of them on this machine
};

struct Cost {
    double neurons = 0.0, synapses = 0.0, slow_steps = 0.0, structural_steps = 0.0;
    double memory = 0.0, disk = 0.0;  // bytes, at the peak of each rank and at the end
    double slow_traffic = 0.0, structural_traffic = 0.0;  // bytes that each rank receives in a step
};

Cost estimate(const Inputs& inputs, const Processes& processes);

// The resolved scenario, and its size, steps, memory, disk and traffic, on standard output.
void print_plan(const Inputs& inputs, const Processes& processes);

// Throws Error(kNumerical) when the ranks of this machine cannot fit into the memory that a process may take here.
void need_memory_for(const Inputs& inputs, const Processes& processes);

}  // namespace respine
