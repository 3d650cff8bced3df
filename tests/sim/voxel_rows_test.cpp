// Voxels that ranks share: the bits of one process, and no rank settles all of them.

#include "sim/network/voxel_rows.hpp"

#include "tests/kernels/helpers.hpp"
#include "tests/sim/thread_ranks.hpp"

namespace respine {
namespace {

GlutamateParams params() {
    GlutamateParams p{};
    p.uptake_time = 10.0;
    p.saturation = 0.1;
    p.diffusion = 300.0;
    p.voxel = 50.0;
    return p;
}

struct Voxels {
    VoxelGrid grid;
    std::vector<float> release, start;
    explicit Voxels(u32 nx, u32 ny, u32 nz)
        : grid{nx, ny, nz, {}, {}},
          release(test::random_floats(size_t{nx} * ny * nz, 0.2, 4.0, 1)),
          start(test::random_floats(size_t{nx} * ny * nz, 0.5, 3.0, 2)) {}
    GlutamateStep step(double dt, std::vector<float>& glutamate) const {
        return {params(), grid, 0.9, dt, release, glutamate, start};
    }
};

void expect_bits_of_one(const Voxels& voxels, double dt, u32 ranks) {
    std::vector<float> one = voxels.start;
    voxels.step(dt, one).advance();
    std::vector<std::vector<float>> found(ranks, voxels.start);
    test::run_ranks(ranks, [&](Ranks& rank) {
        const VoxelRows rows(voxels.grid, rank);
        std::vector<float>& glutamate = found[rank.rank()];
        rows.advance(voxels.step(dt, glutamate), glutamate, rank);
        for (const Slice s : rows.known())
            for (u32 v = s.first; v < s.last; ++v) EXPECT_EQ(glutamate[v], one[v]) << v;
        rows.tell(glutamate, rank);
    });
    for (const std::vector<float>& of_rank : found)
        EXPECT_TRUE(of_rank == one) << ranks << " ranks, " << voxels.grid.nx << " x " << voxels.grid.ny
                                    << " x " << voxels.grid.nz << ", dt " << dt;
}

// Steps of different lengths end in the midst of the sweeps between two messages, or with the last of them.
TEST(VoxelRows, SettleAsOneProcessDoes) {
    for (const auto& voxels : {Voxels(24, 40, 1), Voxels(6, 16, 3), Voxels(1, 64, 1), Voxels(4, 4, 2)})
        for (const double dt : {0.01, 0.3, 1.0, 5.0, 20.0, 60.0, 1800.0})
            for (const u32 ranks : {2U, 3U, 5U, 12U}) expect_bits_of_one(voxels, dt, ranks);
}

TEST(VoxelRows, ARankKnowsItsPart) {
    const Voxels voxels(10, 96, 2);
    test::run_ranks(4, [&](Ranks& rank) {
        const VoxelRows rows(voxels.grid, rank);
        u64 known = 0;
        for (const Slice s : rows.known()) known += s.size();
        EXPECT_EQ(known, (24 + 2 * 8) * 10 * 2);
    });
}

TEST(VoxelRows, FewRowsStayWhole) {
    test::run_ranks(3, [&](Ranks& rank) { EXPECT_FALSE(VoxelRows({8, 6, 1, {}, {}}, rank).shared()); });
    EXPECT_FALSE(VoxelRows({64, 64, 1, {}, {}}, alone()).shared());
}

}  // namespace
}  // namespace respine
