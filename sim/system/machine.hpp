// The machine this process runs on: its name, and the memory and processors that it may use, by every limit
// that is set around it.
#pragma once

#include <sched.h>

#include <string>

#include "kernels/numerics/types.hpp"

namespace respine {

std::string host_name();

double peak_memory();  // bytes that this process held at most so far

struct Allowance {
    double amount;
    std::string set_by;  // what limits it
};

// That threads may run on. Where OpenMP binds threads, this one is bound already, and the places of OpenMP
// tell all of them.
cpu_set_t allowed_processors();

// OpenMP may have bound this thread to one processor (OMP_PROC_BIND, OMP_PLACES, GOMP_CPU_AFFINITY); gives it
// back all of them, for a thread or a program that it starts next.
void unbind_this_thread();

Allowance available_memory();     // bytes that may still be taken
Allowance processor_allowance();  // processors: affinity, or the time share of a control group

// Throws Error(kNumerical), before anything is taken, when `bytes` are more than there are. `what` needs
// them; `advice` says how to need less.
void need_memory(double bytes, const std::string& what, const std::string& advice);

}  // namespace respine
