// The live synapses of all plastic rows, numbered through, a stretch at a time: a large network is written and read without a
// second copy of it.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "sim/network.hpp"

namespace respine {

// rows + 1: number of the first live synapse of each row.
inline std::vector<u64> live_offsets(const Network& network) {
    std::vector<u64> offsets(network.live.size() + 1, 0);
    for (size_t i = 0; i < network.live.size(); ++i) offsets[i + 1] = offsets[i] + network.live[i];
    return offsets;
}

// Calls each(place in the rows, number) for the live synapses [first, last), in parallel by row.
template <class Each>
void for_live(const Network& network, std::span<const u64> offsets, u64 first, u64 last, const Each& each) {
    const auto begin = std::upper_bound(offsets.begin(), offsets.end(), first) - 1, end = std::lower_bound(offsets.begin(), offsets.end(), last);
    const auto from = static_cast<size_t>(begin - offsets.begin()), to = static_cast<size_t>(end - offsets.begin());
#pragma omp parallel for schedule(static)
    for (size_t i = from; i < to; ++i)
        for (u64 k = std::max(offsets[i], first); k < std::min(offsets[i + 1], last); ++k) each(network.row_begin[i] + (k - offsets[i]), k);
}

// Calls put(first number, values) with value(place) of all live synapses, stretch by stretch.
template <class T, class Value, class Put>
void stage_live(const Network& network, std::span<const u64> offsets, size_t most, const Value& value, const Put& put) {
    std::vector<T> staged(std::min<u64>(most, offsets.back()));
    for (u64 first = 0; first < offsets.back(); first += most) {
        const u64 last = std::min<u64>(offsets.back(), first + most);
        for_live(network, offsets, first, last, [&](u64 place, u64 k) { staged[k - first] = value(place); });
        put(first, std::span<const T>(staged.data(), last - first));
    }
}

}  // namespace respine
