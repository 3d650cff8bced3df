// A simulation as Python holds it, and what it remembers from one step to the next, to be copied, kept and
// gone on with under other inputs.
#pragma once

#include <pybind11/pybind11.h>

#include "sim/history.hpp"

namespace respine {

// A simulation, and what a row of its history needs to remember from one look to the next.
struct Stepped {
    Stepped(Inputs inputs, int threads);
    void step();

    int threads;
    Simulation sim;
    std::vector<Quantity> history;
    Turnover turnover;
};

// Name and bytes of everything that the next step depends on.
pybind11::dict memory_of(Stepped& stepped);

// A simulation of these inputs that goes on from that memory; `changed` where the inputs are not those that
// it comes from. Throws Error(kUsage) where the inputs would
// have made another network, or do not fit the memory.
std::unique_ptr<Stepped> gone_on(Inputs inputs, int threads, const pybind11::dict& memory, bool changed);

}  // namespace respine
