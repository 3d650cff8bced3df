#include "sim/ranks/partition.hpp"

#include <algorithm>

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

bool Partition::owns(u32 neuron) const {
    return std::ranges::any_of(
        cuts_, [&](const auto& cut) { return cut[rank_] <= neuron && neuron < cut[rank_ + 1]; });
}

}  // namespace respine
