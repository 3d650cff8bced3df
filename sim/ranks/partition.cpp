#include "sim/ranks/partition.hpp"

#include <algorithm>
#include <numeric>

namespace respine {

Partition::Partition(std::span<const Slice> groups, u32 rank, u32 ranks, std::span<const double> load)
    : rank_(rank), ranks_(ranks) {
    for (const Slice& g : groups) {
        std::vector<u32> cut(ranks + 1, g.last);
        if (load.empty()) {
            for (u32 r = 0; r < ranks; ++r)
                cut[r] = g.first + static_cast<u32>(static_cast<u64>(g.size()) * r / ranks);
        } else {
            double total = 0.0, before = 0.0;
            for (u32 i = g.first; i < g.last; ++i) total += load[i];
            u32 i = g.first;
            for (u32 r = 0; r < ranks; ++r) {
                for (; i < g.last && before < total * r / ranks; ++i) before += load[i];
                cut[r] = i;
            }
        }
        cuts_.push_back(std::move(cut));
    }
}

std::vector<Slice> Partition::own(size_t first, size_t last) const {
    std::vector<u32> groups(last - first);
    std::iota(groups.begin(), groups.end(), static_cast<u32>(first));
    return own(groups);
}

std::vector<Slice> Partition::own(std::span<const u32> groups) const {
    std::vector<Slice> slices;
    for (const u32 g : groups) {
        const Slice slice = own(size_t{g});
        if (slice.size() == 0) continue;
        if (!slices.empty() && slices.back().last == slice.first)
            slices.back().last = slice.last;
        else
            slices.push_back(slice);
    }
    return slices;
}

bool Partition::owns(u32 neuron) const {
    for (size_t g = 0; g < groups(); ++g)
        if (own(g).has(neuron)) return true;
    return false;
}

}  // namespace respine
