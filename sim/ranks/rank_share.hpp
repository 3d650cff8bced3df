// Sums over the neurons of all ranks, with the bits of a single process. A superblock of terms that lies in
// several slices travels through them in the order of the neurons; all others are summed at the same time.
#pragma once

#include <span>
#include <vector>

#include "kernels/numerics/ordered_sum.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

class RankShare final : public NeuronShare {
public:
    // Both must outlive it.
    RankShare(const Partition& partition, Ranks& ranks);
    Range own_of(Range group) const override;
    std::vector<Range> own() const override;
    std::vector<double> sums(std::span<const SumTerms> terms) const override;

private:
    const Partition& partition_;
    Ranks& ranks_;
};

}  // namespace respine
