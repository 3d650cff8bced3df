// Which neurons are whose, when several processes ("ranks") share one network.
//
// In every group a rank owns a slice of neurons, contiguous along the space-filling curve, with all synapses
// onto them. On the other ranks the rows of these neurons are empty, so kernels run on any share of a network
// without knowing of ranks.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "kernels/numerics/neuron_array.hpp"

namespace respine {

class Partition {
public:
    // Cuts each group so that the ranks get equal shares of `load`, a value for each neuron (empty: all the
    // same).
    Partition(std::span<const Slice> groups, u32 rank, u32 ranks, std::span<const double> load);
    // The first neuron of each slice of each group, and the end of its last slice.
    Partition(std::vector<std::vector<u32>> cuts, u32 rank)
        : rank_(rank), ranks_(static_cast<u32>(cuts.front().size()) - 1), cuts_(std::move(cuts)) {}
    Partition() = default;

    u32 rank() const { return rank_; }
    u32 ranks() const { return ranks_; }
    size_t groups() const { return cuts_.size(); }
    Slice of(size_t group, u32 rank) const { return {cuts_[group][rank], cuts_[group][rank + 1]}; }
    Slice own(size_t group) const { return of(group, rank_); }
    bool owns(u32 neuron) const;
    // Own neurons of the groups [first, last), or of these, ascending; slices that touch are one.
    std::vector<Slice> own(size_t first, size_t last) const;
    std::vector<Slice> own(std::span<const u32> groups) const;

private:
    u32 rank_ = 0, ranks_ = 1;
    std::vector<std::vector<u32>> cuts_;  // groups, ranks + 1: first neuron of each slice
};

}  // namespace respine
