// The halo of a rank: neurons of other ranks whose values it reads, and own ones whose values others read.
// Made once, from where partners can be, so it holds as long as the network.
#pragma once

#include <span>
#include <vector>

#include "sim/ranks/partition.hpp"

namespace respine {

class Ranks;

class Halo {
public:
    // Slices for, or from, each rank.
    using Lists = std::vector<std::vector<Slice>>;

    Halo() = default;  // of a process that has all neurons
    // What this rank needs, in any order; own neurons among it are there already. Called by all ranks.
    Halo(const Partition& partition, std::vector<Slice> needed, Ranks& ranks);

    const Lists& takes() const { return takes_; }
    const Lists& gives() const { return gives_; }
    // Own neurons and those of the halo, ascending; slices that touch are one.
    const std::vector<Slice>& known() const { return known_; }
    u64 neurons() const;  // of other ranks

private:
    Lists takes_, gives_;
    std::vector<Slice> known_;
};

// In order, without overlaps, slices that touch as one.
std::vector<Slice> united(std::vector<Slice> slices);

}  // namespace respine
