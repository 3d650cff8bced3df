// The voxels of a region between ranks: each settles some rows of every plane, and a few beyond them too, so
// that it hears from the others once in so many sweeps. The bits are those of one process.
#pragma once

#include "kernels/activity/glutamate.hpp"
#include "sim/ranks/halo.hpp"

namespace respine {

class VoxelRows {
public:
    // A region with few rows for each rank stays whole on each. Called by all ranks.
    VoxelRows(const VoxelGrid& grid, Ranks& ranks);
    VoxelRows() = default;

    bool shared() const { return beyond_ > 0; }
    // The voxels that this rank settles or hears of.
    const std::vector<Slice>& known() const { return known_; }
    // All sweeps of the step. Called by all ranks; known voxels are up to date before and after.
    void advance(const GlutamateStep& step, std::span<float> glutamate, Ranks& ranks) const;
    // Tells all ranks of all voxels.
    void tell(std::span<float> glutamate, Ranks& ranks) const;

private:
    u32 beyond_ = 0;    // rows beyond the own ones
    Slice rows_{};      // own, by y
    u32 last_row_ = 1;  // of all
    std::vector<Slice> own_, known_;
    Halo halo_;  // of voxels
};

}  // namespace respine
