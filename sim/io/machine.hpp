// What this process may use of the machine it runs on: memory and processors, by every limit that is set around it.
#pragma once

#include <string>

#include "kernels/types.hpp"

namespace respine {

struct Allowance {
    double amount;
    std::string set_by;  // what limits it
};

Allowance available_memory();     // bytes that may still be taken
Allowance processor_allowance();  // processors: affinity, or the time share of a control group

// Throws Error(kNumerical), before anything is taken, when `bytes` are more than there are. `what` needs them; `advice` says how to need less.
void need_memory(double bytes, const std::string& what, const std::string& advice);

}  // namespace respine
