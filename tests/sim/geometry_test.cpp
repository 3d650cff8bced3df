#include "sim/network/geometry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "kernels/numerics/random.hpp"
#include "tests/sim/alias_chances.hpp"

namespace respine {
namespace {

using test::chances;

// E neurons, then PV neurons, as the generator makes them.
Network groups_of(u32 excitatory, u32 inhibitory) {
    Network net;
    net.groups = {{"L23_E", "L23", CellType::kE, 0, excitatory},
                  {"L23_PV", "L23", CellType::kPv, excitatory, excitatory + inhibitory}};
    net.neurons = excitatory + inhibitory;
    net.excitatory = excitatory;
    net.excitatory_groups = 1;
    net.regions.resize(1);
    net.x.resize(net.neurons);
    net.y.resize(net.neurons);
    net.z.resize(net.neurons);
    const Slice slices[] = {{0, excitatory}, {excitatory, excitatory + inhibitory}};
    net.partition = Partition(slices, 0, 1, {});
    return net;
}

NetworkSpec sheet_spec() {
    NetworkSpec spec;
    spec.populations.resize(1);
    spec.populations[0].name = "L23";
    spec.populations[0].top = 100.0;
    spec.populations[0].bottom = 400.0;
    spec.density = 90000.0;
    spec.thickness = 300.0;
    spec.kernel_width = 100.0;
    return spec;
}

// Each neuron is in the list of its own cell, and the lists hold all neurons of a group once, in order.
void expect_listed(const Network& net) {
    const PartnerTables& p = net.regions[0].partners;
    for (size_t g = 0; g < net.groups.size(); ++g) {
        const u32* begin = &p.cell_begin[g * (p.cells() + 1)];
        ASSERT_EQ(begin[0], net.groups[g].first);
        ASSERT_EQ(begin[p.cells()], net.groups[g].last);
        u32 most = 0;
        for (u32 r = 0; r < p.cells(); ++r) {
            most = std::max(most, begin[r + 1] - begin[r]);
            for (u32 i = begin[r]; i < begin[r + 1]; ++i) ASSERT_EQ(p.rank[p.cell[i]], r) << i;
        }
        ASSERT_EQ(p.most_in_cell[g], most);
    }
}

TEST(Geometry, SheetSpreadsEachGroupEvenly) {
    Network net = groups_of(2400, 310);
    place_sheet(sheet_spec(), 5, 0, 0.0, net);
    expect_listed(net);
    EXPECT_TRUE(net.regions[0].partners.periodic);
    EXPECT_EQ(net.regions[0].partners.cells(),
              196U);  // about a dozen pyramidal cells a cell, an even number along each side
    for (size_t g = 0; g < 2; ++g)
        for (u32 r = 0; r < 196; ++r) {
            const u32* begin = &net.regions[0].partners.cell_begin[g * 197];
            ASSERT_NEAR(begin[r + 1] - begin[r], net.groups[g].size() / 196.0, 1.0);
        }
}

TEST(Geometry, SheetKeepsDensityAndLayer) {
    Network net = groups_of(2400, 310);
    place_sheet(sheet_spec(), 5, 0, 0.0, net);
    const double side = std::sqrt(2710.0 / 90000.0 * 1e9 / 300.0),
                 edge = side / net.regions[0].partners.nx;  // [um]
    for (size_t i = 0; i < net.neurons; ++i) {
        ASSERT_EQ(static_cast<u32>(static_cast<double>(net.x[i]) / edge),
                  net.regions[0].partners.cell[i] % net.regions[0].partners.nx);
        ASSERT_EQ(static_cast<u32>(static_cast<double>(net.y[i]) / edge),
                  net.regions[0].partners.cell[i] / net.regions[0].partners.nx);
        ASSERT_GT(net.z[i], 100.0F);
        ASSERT_LT(net.z[i], 400.0F);
    }
    Network again = groups_of(2400, 310), other = groups_of(2400, 310);
    place_sheet(sheet_spec(), 5, 0, 0.0, again);
    place_sheet(sheet_spec(), 6, 0, 0.0, other);
    EXPECT_EQ(again.x, net.x);
    EXPECT_NE(other.x, net.x);
}

// Offsets of the tables against a Gaussian of the distance; each cell of a periodic sheet at most once.
void expect_gaussian(const PartnerTables& p, double width, double edge) {
    const auto chance = chances(p.keep, p.alias);
    std::set<std::pair<int, int>> cells;
    double total = 0.0;
    const auto weight = [&](size_t e) {
        return std::exp(-(p.dx[e] * p.dx[e] + p.dy[e] * p.dy[e]) * edge * edge / (2.0 * width * width));
    };
    for (size_t e = 0; e < chance.size(); ++e) total += weight(e);
    for (size_t e = 0; e < chance.size(); ++e) {
        ASSERT_NEAR(chance[e], weight(e) / total, 1e-7);
        const int nx = static_cast<int>(p.nx), ny = static_cast<int>(p.ny);
        ASSERT_TRUE(p.periodic ? cells.emplace((p.dx[e] + nx) % nx, (p.dy[e] + ny) % ny).second
                               : cells.emplace(p.dx[e], p.dy[e]).second);
    }
}

TEST(Geometry, SheetKernelIsAGaussianOfDistance) {
    Network net = groups_of(2400, 310);
    place_sheet(sheet_spec(), 5, 0, 0.0, net);
    expect_gaussian(net.regions[0].partners, 100.0,
                    std::sqrt(2710.0 / 90000.0 * 1e9 / 300.0) / net.regions[0].partners.nx);
    EXPECT_EQ(net.regions[0].partners.dx.size(), 196U)
        << "a sheet smaller than the reach holds each cell once";
    Network large = groups_of(60000, 7000);
    place_sheet(sheet_spec(), 5, 0, 0.0, large);
    expect_gaussian(large.regions[0].partners, 100.0,
                    std::sqrt(67000.0 / 90000.0 * 1e9 / 300.0) / large.regions[0].partners.nx);
    EXPECT_LT(large.regions[0].partners.dx.size(), large.regions[0].partners.cells());
}

TEST(Geometry, WellMixedIsOneCell) {
    Network net = groups_of(300, 50);
    place_well_mixed(sheet_spec(), 500.0, 5, 0, 0.0, net);
    expect_listed(net);
    EXPECT_EQ(net.regions[0].partners.cells(), 1U);
    EXPECT_EQ(net.regions[0].partners.most_in_cell, (std::vector<u32>{300, 50}));
    for (const auto* axis : {&net.x, &net.y}) {
        EXPECT_GT(*std::min_element(axis->begin(), axis->end()), 0.0F);
        EXPECT_LT(*std::max_element(axis->begin(), axis->end()), 500.0F);
        EXPECT_NEAR(std::accumulate(axis->begin(), axis->end(), 0.0) / 350.0, 250.0,
                    4.0 * 500.0 / std::sqrt(12.0 * 350.0));
    }
}

TEST(Geometry, RingReachesItsNeighbours) {
    Network net = groups_of(240, 30);
    place_ring(16, 0.1, net);
    expect_listed(net);
    EXPECT_EQ(net.regions[0].partners.ny, 1U);
    EXPECT_EQ(net.regions[0].partners.nx, 120U);  // two neurons a cell
    EXPECT_EQ(net.regions[0].partners.uniform_share, 0.1);
    EXPECT_EQ(*std::min_element(net.regions[0].partners.dx.begin(), net.regions[0].partners.dx.end()), -8);
    EXPECT_EQ(*std::max_element(net.regions[0].partners.dx.begin(), net.regions[0].partners.dx.end()), 8);
    for (double c : chances(net.regions[0].partners.keep, net.regions[0].partners.alias))
        EXPECT_NEAR(c, 1.0 / 17.0, 1e-7);
    const double spacing = std::hypot(net.x[1] - net.x[0], net.y[1] - net.y[0]);
    for (size_t i = 1; i < 240; ++i)
        EXPECT_NEAR(std::hypot(net.x[i] - net.x[i - 1], net.y[i] - net.y[i - 1]), spacing, 1e-3);
    EXPECT_NEAR(std::hypot(net.x[239] - net.x[0], net.y[239] - net.y[0]), spacing, 1e-3) << "and it closes";
}

// Random positions, numbered along the curve as the generator does for a user's file.
Network given_network(const PositionGrid& grid, std::vector<float> x, std::vector<float> y) {
    Network net = groups_of(static_cast<u32>(x.size()), 0);
    net.groups.pop_back();
    const auto ranks = hilbert_ranks(grid.nx, grid.ny);
    std::vector<u32> order(x.size()), rank(x.size());
    std::iota(order.begin(), order.end(), 0U);
    for (size_t i = 0; i < x.size(); ++i) {
        const u32 cx = static_cast<u32>((x[i] - grid.x0) / grid.edge),
                  cy = static_cast<u32>((y[i] - grid.y0) / grid.edge);
        EXPECT_LT(cx, grid.nx);
        EXPECT_LT(cy, grid.ny);
        rank[i] = ranks[cx + grid.nx * cy];
    }
    std::stable_sort(order.begin(), order.end(), [&](u32 a, u32 b) { return rank[a] < rank[b]; });
    for (size_t i = 0; i < order.size(); ++i) {
        net.x[i] = x[order[i]];
        net.y[i] = y[order[i]];
    }
    return net;
}

TEST(Geometry, GivenPositionsMakeAGridWithOpenBorders) {
    std::vector<float> x, y;
    for (u32 i = 0; i < 700; ++i) {
        const Draw u = philox(2, Stream::kPosition, i, 0, 0);
        x.push_back(static_cast<float>(-300.0 + 900.0 * unit(u[0])));
        y.push_back(static_cast<float>(50.0 + 400.0 * unit(u[1])));
    }
    const PositionGrid grid = grid_of_positions(x, y);
    EXPECT_GT(grid.nx, grid.ny);
    Network net = given_network(grid, x, y);
    place_given(sheet_spec(), grid, net);
    EXPECT_FALSE(net.regions[0].partners.periodic);
    expect_listed(net);
    expect_gaussian(net.regions[0].partners, 100.0, grid.edge);
}

TEST(Geometry, PositionsOnOnePointAreOneCell) {
    const PositionGrid grid = grid_of_positions({5.0F, 5.0F, 5.0F}, {1.0F, 1.0F, 1.0F});
    EXPECT_EQ(grid.nx, 1U);
    EXPECT_EQ(grid.ny, 1U);
    Network net = given_network(grid, {5.0F, 5.0F, 5.0F}, {1.0F, 1.0F, 1.0F});
    place_given(sheet_spec(), grid, net);
    expect_listed(net);
}

TEST(Geometry, VoxelsPartitionTheNeurons) {
    Network net = groups_of(900, 100);
    place_sheet(sheet_spec(), 5, 0, 0.0, net);
    build_voxels(50.0, net);
    const VoxelTables& v = net.regions[0].voxels;
    EXPECT_EQ(v.begin.size(), static_cast<size_t>(v.nx) * v.ny * v.nz + 1);
    EXPECT_EQ(v.begin.front(), 0U);
    EXPECT_EQ(v.begin.back(), 900U) << "the excitatory neurons only";
    std::set<u32> members;
    for (size_t c = 0; c < v.size(); ++c)
        for (u32 m = v.begin[c]; m < v.begin[c + 1]; ++m) {
            ASSERT_EQ(v.voxel[v.member[m]], c);
            members.insert(v.member[m]);
        }
    EXPECT_EQ(members.size(), 900U);
    EXPECT_EQ(*members.rbegin(), 899U);
    for (u32 c : v.voxel) ASSERT_LT(c, v.size());
}

TEST(Geometry, VoxelsHaveAboutTheWantedEdge) {
    Network net = groups_of(2000, 0);
    for (u32 i = 0; i < 2000; ++i) {  // a box of 310 x 200 x 95 um
        const Draw u = philox(3, Stream::kPosition, i, 0, 0);
        net.x[i] = i < 2 ? 310.0F * static_cast<float>(i) : static_cast<float>(310.0 * unit(u[0]));
        net.y[i] = i < 2 ? 200.0F * static_cast<float>(i) : static_cast<float>(200.0 * unit(u[1]));
        net.z[i] = i < 2 ? 95.0F * static_cast<float>(i) : static_cast<float>(95.0 * unit(u[2]));
    }
    build_voxels(50.0, net);
    EXPECT_EQ(net.regions[0].voxels.nx, 6U);
    EXPECT_EQ(net.regions[0].voxels.ny, 4U);
    EXPECT_EQ(net.regions[0].voxels.nz, 2U);
    for (size_t i = 0; i < 2000; ++i) {  // and a neuron sits in the voxel that holds its position
        const u32 c = net.regions[0].voxels.voxel[i];
        ASSERT_NEAR(net.x[i], (c % 6 + 0.5) * 310.0 / 6.0, 310.0 / 12.0 + 1e-3);
        ASSERT_NEAR(net.y[i], (c / 6 % 4 + 0.5) * 50.0, 25.0 + 1e-3);
        ASSERT_NEAR(net.z[i], (c / 24 + 0.5) * 47.5, 23.75 + 1e-3);
    }
}

TEST(Geometry, APointIsOneVoxel) {
    Network net = groups_of(5, 0);
    build_voxels(50.0, net);
    EXPECT_EQ(net.regions[0].voxels.size(), 1U);
    EXPECT_EQ(net.regions[0].voxels.begin, (std::vector<u32>{0, 5}));
}

TEST(Geometry, VoxelSidesAreOneOrEven) {  // or red and black voxels would meet across the periodic edge
    for (double side : {10.0, 49.0, 51.0, 120.0, 160.0, 260.0, 1000.0}) {
        Network net = groups_of(2, 0);
        net.x = net.y = {0.0F, static_cast<float>(side)};
        build_voxels(50.0, net);
        for (u32 n : {net.regions[0].voxels.nx, net.regions[0].voxels.ny})
            EXPECT_TRUE(n == 1 || n % 2 == 0) << side;
    }
}

}  // namespace
}  // namespace respine
