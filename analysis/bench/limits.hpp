// What no kernel can beat, measured beside it: the same bytes read in order, the loop that everybody would
// write, the random numbers alone.
#pragma once

#include <vector>

#include "analysis/bench/problem.hpp"

namespace respine {

// The same live synapses as everybody would store them: no gaps, a float each as weight. As many rows as hold
// a hundred million.
struct PlainRows {
    std::vector<u64> begin;
    std::vector<u32> source;
    std::vector<float> weight;
};
PlainRows store_plainly(const Problem& problem);

Work stream_synapses(const Problem& problem);  // the bytes of a drive, in order

Work plain_gather(Problem& problem, const PlainRows& plain);

// As many calls as the turnover makes, each with its own counters.
Work philox_alone(const Problem& problem);

// A mechanism that a scenario brings as one would write it by hand: lactate that follows glutamate [s, fold],
// and scales the drive above 1.
void lactate_in_cpp(double dt, std::span<const float> glutamate, std::span<float> lactate,
                    std::span<float> held, std::span<float> drive);

// Seconds to read this many bytes in order with all threads in use: the best of a few passes.
double streaming_seconds(i64 bytes);

// What the last limit left, so that none can be skipped.
double checksum_of_limits();

}  // namespace respine
