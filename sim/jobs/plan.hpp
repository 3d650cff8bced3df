// What a run would cost: for --dry-run, and to refuse what cannot fit before anything is taken.
#pragma once

#include <string>

#include "sim/simulation.hpp"

namespace respine {

struct Processes {
    int threads = 1;          // of each rank
    u32 ranks = 1, here = 1;  // processes that share the network; those of them on this machine
};

struct Cost {
    double neurons = 0.0, synapses = 0.0, slow_steps = 0.0, structural_steps = 0.0;
    double memory = 0.0, disk = 0.0;                      // bytes, at the peak of each rank and at the end
    double checkpoint = 0.0;                              // bytes, of all that a stop would save
    double halo = 0.0;                                    // neurons of other ranks that a rank knows
    double slow_traffic = 0.0, structural_traffic = 0.0;  // bytes that each rank receives in a step
};

Cost estimate(const Inputs& inputs, const Processes& processes);

// What a run would take here, from a pilot of some seconds of it, or of a smaller network of its kind. Of
// several ranks each is taken to have as many cores like these as it has threads.
struct RunTime {
    double seconds = 0.0;
    std::string pilot;         // "5.0 h of 1000 neurons in 2.0 s"
    std::string text() const;  // "about 3 min 20 s", or why that is not known
};
RunTime time_of(const Inputs& inputs, const Processes& processes);

// How long before the end of a batch job a stop has to begin that writes so much: twice as long as a usual
// disk takes, in whole minutes.
int seconds_before_end(double bytes);

// A stop writes so much before it ends: as a sentence, with how long before its limit a batch job has to
// tell; "" where it takes no time.
std::string stop_text(double bytes);

// The resolved scenario, and its size, steps, time, memory, disk and traffic, on standard output.
void print_plan(const Inputs& inputs, const Processes& processes);

// Throws Error(kNumerical) when the ranks of this machine cannot fit into the memory that a process may take
// here.
void need_memory_for(const Inputs& inputs, const Processes& processes);

}  // namespace respine
