// What no kernel can beat, measured beside it: the same bytes read in order, the loop that everybody would
// write, the random numbers alone.
#pragma once

#include "bench/workload.hpp"

namespace respine {

std::span<const Kernel> limits();

// Seconds to read this many bytes in order with all threads in use: the best of a few passes.
double streaming_seconds(i64 bytes);

}  // namespace respine
