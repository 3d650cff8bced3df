#include "kernels/activity/glutamate.hpp"

#include <cmath>
#include <numeric>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/glutamate.hpp"

namespace respine {
namespace {

GlutamateParams params(double saturation, double diffusion) {
    return {.uptake_time = 10.0,
            .saturation = saturation,
            .diffusion = diffusion,
            .voxel = 50.0,
            .hold = 0.4,
            .hold_half = 2.0,
            .spill_over = 0.1,
            .stress = 0.9,
            .eaat2 = 0.9,
            .serotonin = 0.2};
}

VoxelGrid grid_of(u32 nx, u32 ny, u32 nz) { return {nx, ny, nz, {}, {}}; }

std::vector<float> advanced(const GlutamateParams& p, const VoxelGrid& grid, double uptake, double dt,
                            int steps, const std::vector<float>& release, std::vector<float> g) {
    for (int n = 0; n < steps; ++n) {
        const std::vector<float> start = g;
        GlutamateStep(p, grid, uptake, dt, release, g, start).advance();
    }
    return g;
}

std::vector<float> point_source(size_t voxels, size_t at) {
    std::vector<float> g(voxels, 1.0F);
    g[at] = 9.0F;
    return g;
}

double mean(const std::vector<float>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

TEST(Glutamate, BaselineReleaseHoldsBaseline) {
    const std::vector<float> ones(48, 1.0F);
    for (double dt : {1.0, 30.0, 1800.0})
        test::expect_close(advanced(params(0.1, 300.0), grid_of(6, 4, 2), 1.0, dt, 3, ones, ones), ones,
                           2e-6);
}

TEST(Glutamate, SingleVoxelWithoutSaturation) {
    const auto g = advanced(params(0.0, 300.0), grid_of(1, 1, 1), 1.0, 5.0, 1, {3.0F}, {1.0F});
    EXPECT_NEAR(g[0], (1.0 + 0.5 * 3.0) / 1.5, 1e-6);
}

TEST(Glutamate, SingleVoxelObeysItsImplicitEquation) {
    const double s = 0.25, v = 0.8, dt = 7.0;
    const double g = advanced(params(s, 300.0), grid_of(1, 1, 1), v, dt, 1, {4.0F}, {1.5F})[0];
    EXPECT_NEAR(g, 1.5 + dt / 10.0 * (4.0 - v * (1.0 + s) * g / (1.0 + s * g)), 1e-5);
}

TEST(Glutamate, SettlesWhereUptakeMeetsRelease) {  // r = v (1 + s) g / (1 + s g)
    const double s = 0.1, v = 0.7, r = 2.0;
    EXPECT_NEAR(advanced(params(s, 300.0), grid_of(1, 1, 1), v, 3600.0, 4, {2.0F}, {1.0F})[0],
                r / (v * (1.0 + s) - r * s), 1e-4);
    EXPECT_NEAR(advanced(params(0.0, 300.0), grid_of(4, 4, 1), v, 3600.0, 4, std::vector<float>(16, 2.0F),
                         std::vector<float>(16, 1.0F))[5],
                r / v, 2e-3);
}

TEST(Glutamate, DiffusionLeavesAUniformFieldAlone) {
    const std::vector<float> release(32, 2.5F), start(32, 1.5F);
    const auto still = advanced(params(0.1, 0.0), grid_of(4, 4, 2), 1.0, 3.0, 2, release, start);
    test::expect_close(advanced(params(0.1, 300.0), grid_of(4, 4, 2), 1.0, 3.0, 2, release, start), still,
                       5e-5);
    EXPECT_GT(still[0], 1.7F);
}

TEST(Glutamate, DiffusionConservesTheTotal) {  // linear uptake acts on the mean alone
    const auto start = test::random_floats(96, 0.5, 6.0, 1), release = test::random_floats(96, 0.5, 3.0, 2);
    const auto g = advanced(params(0.0, 300.0), grid_of(6, 4, 4), 1.0, 2.0, 1, release, start);
    EXPECT_NEAR(mean(g), (mean(start) + 0.2 * mean(release)) / 1.2, 5e-5);
}

TEST(Glutamate, DiffusionLowersThePeakAndSpreadsItEvenly) {
    const VoxelGrid grid = grid_of(6, 6, 3);
    const size_t centre = 36;  // voxel (0, 0, 1): on the periodic edge
    const std::vector<float> ones(108, 1.0F);
    const auto still = advanced(params(0.0, 0.0), grid, 1.0, 1.0, 3, ones, point_source(108, centre));
    const auto spread = advanced(params(0.0, 300.0), grid, 1.0, 1.0, 3, ones, point_source(108, centre));
    EXPECT_EQ(still[centre + 1], 1.0F);
    EXPECT_LT(spread[centre], still[centre] - 1.0F);
    EXPECT_GT(spread[centre + 1], 1.1F);
    EXPECT_NEAR(spread[centre + 1], spread[centre + 5], 2e-5);    // east, and west across the edge
    EXPECT_NEAR(spread[centre + 6], spread[centre + 30], 2e-5);   // north, and south across the edge
    EXPECT_NEAR(spread[centre + 36], spread[centre - 36], 2e-5);  // above and below
    EXPECT_GT(spread[centre + 1], spread[centre + 2]);
}

TEST(Glutamate, ReflectsInDepth) {  // a source on the lowest layer does not reach the top one by a shortcut
    const auto g = advanced(params(0.0, 300.0), grid_of(1, 1, 6), 1.0, 1.0, 4, std::vector<float>(6, 1.0F),
                            point_source(6, 0));
    for (size_t z = 0; z + 1 < 6; ++z) EXPECT_GT(g[z], g[z + 1]);
}

TEST(Glutamate, ErrorFallsWithTheStep) {
    const VoxelGrid grid = grid_of(4, 4, 2);
    const auto release = test::random_floats(32, 0.5, 4.0, 3);
    const std::vector<float> start(32, 1.0F);
    const auto at = [&](int steps) {
        return advanced(params(0.1, 100.0), grid, 1.0, 12.0 / steps, steps, release, start);
    };
    const auto truth = at(3000), coarse = at(4), fine = at(8);
    double coarse_error = 0.0, fine_error = 0.0;
    for (size_t v = 0; v < 32; ++v) {
        coarse_error += std::fabs(coarse[v] - truth[v]);
        fine_error += std::fabs(fine[v] - truth[v]);
    }
    EXPECT_NEAR(coarse_error / fine_error, 2.0, 0.25);  // implicit Euler is of first order
}

TEST(Glutamate, AgreesWithNaiveSerial) {
    const VoxelGrid grid = grid_of(6, 4, 3);
    const auto release = test::random_floats(72, 0.3, 4.0, 4), start = test::random_floats(72, 0.5, 3.0, 5);
    const std::vector<double> r(release.begin(), release.end()), g0(start.begin(), start.end());
    for (double dt : {2.0, 10.0, 60.0}) {
        const auto expected = reference::glutamate_step(params(0.15, 300.0), grid, 0.85, dt, r, g0);
        test::expect_close(advanced(params(0.15, 300.0), grid, 0.85, dt, 1, release, start), expected, 0.0,
                           3e-4);
    }
}

TEST(Glutamate, AveragesTheNeuronsOfAVoxel) {
    const std::vector<u32> begin = {0, 2, 2, 3}, member = {4, 0, 2};
    const std::vector<float> value = {1.0F, 100.0F, 7.0F, 100.0F, 4.0F};
    std::vector<float> averaged(3);
    average_by_voxel({3, 1, 1, begin, member}, value, -1.0F, averaged);
    EXPECT_EQ(averaged, (std::vector<float>{2.5F, -1.0F, 7.0F}));
}

TEST(Glutamate, SameBitsForAnyThreadCount) {
    const VoxelGrid grid = grid_of(40, 32, 4);  // above the size at which threads join in
    const auto release = test::random_floats(5120, 0.3, 4.0, 6),
               start = test::random_floats(5120, 0.5, 3.0, 7);
    test::expect_same_bits_for_any_thread_count(
        [&] { return advanced(params(0.1, 300.0), grid, 0.9, 20.0, 2, release, start); });
}

TEST(Glutamate, Mglu23HoldReleaseBack) {
    const GlutamateParams p = params(0.1, 0.0);
    EXPECT_EQ(release_factor(p, {}, 1.0), 1.0);
    EXPECT_NEAR(release_factor(p, {}, 2.0), (1.0 - 0.4 * 0.5) / (1.0 - 0.4 / 3.0), 1e-15);
    EXPECT_NEAR(release_factor(p, {.antagonist = 1e9}, 1.0), 1.0 / (1.0 - 0.4 / 3.0), 1e-8);
    EXPECT_NEAR(release_factor(p, {.agonist = 1e9}, 1.0), 0.6 / (1.0 - 0.4 / 3.0), 1e-8);
    EXPECT_NEAR(release_factor(p, {.release = 0.7}, 2.0), 0.7 * release_factor(p, {}, 2.0), 1e-15);
    EXPECT_NEAR(synaptic_gain(p, {}, 2.0), 1.1 * release_factor(p, {}, 2.0), 1e-15);
}

TEST(Glutamate, RestsWhereItStaysWithoutDrug) {
    for (const double uptake : {1.0, 0.8, 0.6}) {
        const GlutamateParams p = params(0.1, 0.0);
        const double rest = resting_glutamate(p, uptake);
        const float release = static_cast<float>(release_factor(p, {}, rest));
        EXPECT_NEAR(advanced(p, grid_of(1, 1, 1), uptake, 60.0, 5, {release}, {static_cast<float>(rest)})[0],
                    rest, 1e-5);
        if (uptake < 1.0) {
            EXPECT_GT(rest, 1.0);
        }
    }
}

TEST(Glutamate, EachNeuronHasTheValueOfItsVoxel) {
    const std::vector<u32> voxel_of = {0, 1, 0};
    const std::vector<float> voxel = {5.0F, 7.0F};
    std::vector<float> neuron(3);
    spread_by_voxel(voxel_of, voxel, neuron);
    EXPECT_EQ(neuron, (std::vector<float>{5.0F, 7.0F, 5.0F}));
}

}  // namespace
}  // namespace respine
