#include "sim/network/voxel_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/ranks/ranks.hpp"

namespace respine {

namespace {

constexpr u32 kMostBeyond = 8;  // and so many sweeps between two messages
constexpr u32 kFewestRows = 4;  // of a rank that has any

Partition rows_of_ranks(const VoxelGrid& grid, u32 sharers, Ranks& ranks) {
    std::vector<std::vector<u32>> cuts(grid.nz);
    for (u32 z = 0; z < grid.nz; ++z)
        for (u32 r = 0; r <= ranks.size(); ++r)
            cuts[z].push_back(
                grid.nx * (static_cast<u32>(u64{grid.ny} * std::min(r, sharers) / sharers) + grid.ny * z));
    return {std::move(cuts), ranks.rank()};
}

}  // namespace

VoxelRows::VoxelRows(const VoxelGrid& grid, Ranks& ranks)
    : last_row_(grid.ny), known_{{0, grid.nx * grid.ny * grid.nz}} {
    const u32 sharers = std::min(ranks.size(), grid.ny / kFewestRows);  // others hear of the result
    if (sharers < 2) return;
    beyond_ = std::min(kMostBeyond, grid.ny / sharers / 2);
    const Partition partition = rows_of_ranks(grid, sharers, ranks);
    rows_ = {partition.own(size_t{0}).first / grid.nx, partition.own(size_t{0}).last / grid.nx};
    own_ = partition.own(0, partition.groups());
    std::vector<Slice> needed;
    for (u32 z = 0; z < grid.nz && rows_.size() > 0; ++z)
        for (u32 n = 0; n < rows_.size() + 2 * beyond_; ++n) {
            const u32 y = (rows_.first + grid.ny - beyond_ + n) % grid.ny,
                      first = grid.nx * (y + grid.ny * z);
            needed.push_back({first, first + grid.nx});
        }
    halo_ = Halo(partition, std::move(needed), ranks);
    known_ = halo_.known();
}

void VoxelRows::advance(const GlutamateStep& step, std::span<float> glutamate, Ranks& ranks) const {
    if (!shared()) {
        step.advance();
        return;
    }
    std::vector<float> before(glutamate.size());
    const auto copy_known = [&](std::span<const float> from, std::span<float> to) {
        for (const Slice s : known_) std::ranges::copy(from.subspan(s.first, s.size()), to.begin() + s.first);
    };
    std::array<u64, kMostBeyond> change{};  // floats that are not negative have the order of their bits
    // What is right shrinks by a row from either side with every sweep. A rank without rows changes nothing.
    const auto settle = [&](int first, u32 sweeps) {
        change.fill(0);
        for (u32 n = 0; n < sweeps && rows_.size() > 0; ++n) {
            const u32 beyond = sweeps - 1 - n;
            change[n] = std::bit_cast<u32>(step.settle(
                first + static_cast<int>(n), rows_.first + last_row_ - beyond, rows_.size() + 2 * beyond));
        }
    };
    float previous = 1.0F;
    for (int first = 1;; first += static_cast<int>(beyond_)) {
        copy_known(glutamate, before);
        settle(first, beyond_);
        ranks.most(std::span(change).first(beyond_));
        for (u32 n = 0; n < beyond_; ++n) {
            const float largest = std::bit_cast<float>(static_cast<u32>(change[n]));
            const bool done = GlutamateStep::done(largest, previous, first + static_cast<int>(n));
            previous = largest;
            if (!done) continue;
            if (n + 1 < beyond_) {  // too many: back, and only as many as one process does
                copy_known(before, glutamate);
                settle(first, n + 1);
            }
            return ranks.exchange(halo_, glutamate);
        }
        ranks.exchange(halo_, glutamate);
    }
}

void VoxelRows::tell(std::span<float> glutamate, Ranks& ranks) const {
    if (!shared()) return;
    u32 told = 0;
    for (const Slice s : own_) {
        std::fill(glutamate.begin() + told, glutamate.begin() + s.first, 0.0F);
        told = s.last;
    }
    std::fill(glutamate.begin() + told, glutamate.end(), 0.0F);
    ranks.merge(std::as_writable_bytes(glutamate));
}

}  // namespace respine
