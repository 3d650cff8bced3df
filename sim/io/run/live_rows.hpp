// The live synapses of plastic rows, numbered through, a stretch at a time: a large network is written
// and read without a second copy of it.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "sim/simulation.hpp"

namespace respine {

// Numbers of the live synapses, which are counted through row by row over all ranks.
struct LiveNumbers {
    std::vector<Slice> own;   // rows of this rank
    NeuronArray<u64> number;  // rows + 1: of the first live synapse of each own row, and behind its last one
    u64 total = 0;            // of all ranks
};

// Numbers the own rows of each group, which come after so many of other ranks.
LiveNumbers live_numbers(const PlasticSynapses& plastic, const Partition& partition, Ranks& ranks);

// rows + 1: number of the first live synapse of each row.
inline std::vector<u64> live_offsets(std::span<const u32> live) {
    std::vector<u64> offsets(live.size() + 1, 0);
    for (size_t i = 0; i < live.size(); ++i) offsets[i + 1] = offsets[i] + live[i];
    return offsets;
}

// Calls each(place in the rows, number) for those of the live synapses [first, last) that are in own rows, in
// parallel by row.
template <class Each>
void for_live(const PlasticSynapses& plastic, const LiveNumbers& live, u64 first, u64 last,
              const Each& each) {
    for (const Slice s : live.own) {
        const auto rows = part_of(live.number, s);
        const auto begin = std::ranges::upper_bound(rows, first), end = std::ranges::lower_bound(rows, last);
        const size_t from =
                         s.first + static_cast<size_t>(std::max<std::ptrdiff_t>(1, begin - rows.begin())) - 1,
                     to = s.first + static_cast<size_t>(end - rows.begin());
#pragma omp parallel for schedule(static)
        for (size_t i = from; i < to; ++i)
            for (u64 k = std::max(live.number[i], first); k < std::min(live.number[i + 1], last); ++k)
                each(plastic.row_begin[i] + (k - live.number[i]), k);
    }
}

// Calls put(first number, values) with value(place) of all live synapses, stretch by stretch; the root has
// all values, other ranks their own.
template <class T, class Value, class Put>
void stage_live(const PlasticSynapses& plastic, Ranks& ranks, const LiveNumbers& live, size_t most,
                const Value& value, const Put& put) {
    std::vector<T> staged(std::min<u64>(most, live.total));
    for (u64 first = 0; first < live.total; first += most) {
        const u64 last = std::min<u64>(live.total, first + most);
        const std::span<T> stretch(staged.data(), last - first);
        if (ranks.size() > 1) std::fill(stretch.begin(), stretch.end(), T{});
        for_live(plastic, live, first, last, [&](u64 place, u64 k) { staged[k - first] = value(place); });
        ranks.merge_at_root(std::as_writable_bytes(stretch));
        put(first, std::span<const T>(stretch));
    }
}

// As users see them: log size relative to the attractor [1], time of formation [d].
inline float log_size_at(const PlasticSynapses& plastic, u64 place) {
    return static_cast<float>(size_from_fixed(plastic.log_size[place]));
}
inline float birth_at(const Simulation& sim, const PlasticSynapses& plastic, u64 place) {
    const double step_days = sim.model().clock.structural_step / kDay;
    return static_cast<float>(in_days(sim.scenario().start) +
                              (static_cast<double>(plastic.birth[place]) - kBirthOrigin) * step_days);
}

// Live synapses in rows by target (CSR), of a network that is not shared.
struct LiveSynapses {
    std::vector<u64> offsets;  // rows + 1
    std::vector<u32> source;
    std::vector<float> log_size, birth;
};
LiveSynapses live_synapses(const Simulation& simulation, const PlasticSynapses& plastic);

}  // namespace respine
