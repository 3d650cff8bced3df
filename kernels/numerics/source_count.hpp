// Synapses that leave each source, counted while rows by target change.
//
// Threads that counted at once would pull each other's cache lines about, whether they wait for each other or
// not. So each block of rows notes its sources, and when all are known each thread counts those of its own
// range. Order does not matter to a sum of integers.
#pragma once

#include <span>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

// What one block of rows changes by `by` each time.
struct SourceCount {
    std::span<u32> degree;
    u32 by;                   // 1, or ~0 for one less
    std::vector<u32>* later;  // null: counted at once, by the only thread there is

    void operator()(u32 source) const {
        if (later != nullptr)
            later->push_back(source);
        else
            degree[source] += by;
    }
};

// Counts what the blocks have noted.
void count_sources(std::span<const std::vector<u32>> noted, u32 by, std::span<u32> degree);

}  // namespace respine
