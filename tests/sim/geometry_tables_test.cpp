// Tables under the geometry: the Hilbert curve and alias tables.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "kernels/numerics/random.hpp"
#include "sim/network/geometry.hpp"
#include "tests/sim/alias_chances.hpp"

namespace respine {
namespace {

using test::chances;

TEST(Geometry, HilbertRanksAreAPermutation) {
    for (const auto& [nx, ny] :
         std::vector<std::pair<u32, u32>>{{1, 1}, {8, 8}, {5, 5}, {7, 3}, {1, 9}, {64, 2}}) {
        std::vector<u32> rank = hilbert_ranks(nx, ny), expected(nx * ny);
        std::iota(expected.begin(), expected.end(), 0U);
        std::sort(rank.begin(), rank.end());
        EXPECT_EQ(rank, expected) << nx << " x " << ny;
    }
}

TEST(Geometry, HilbertNeighboursOnTheCurveAreNeighboursOnTheSheet) {
    for (u32 n : {2U, 4U, 16U, 64U}) {
        const auto rank = hilbert_ranks(n, n);
        std::vector<u32> cell(rank.size());
        for (u32 c = 0; c < rank.size(); ++c) cell[rank[c]] = c;
        for (size_t r = 1; r < cell.size(); ++r) {
            const int dx = std::abs(static_cast<int>(cell[r] % n) - static_cast<int>(cell[r - 1] % n));
            const int dy = std::abs(static_cast<int>(cell[r] / n) - static_cast<int>(cell[r - 1] / n));
            ASSERT_EQ(dx + dy, 1) << n << ", rank " << r;
        }
    }
}

TEST(Geometry, AliasTableReproducesItsWeights) {
    std::vector<double> random;
    for (u32 k = 0; k < 500; ++k)
        random.push_back(std::pow(unit(philox(1, Stream::kGraph, k, 0, 0)[0]), 6.0));
    for (const auto& weight :
         {std::vector<double>{3.0}, {1.0, 1.0, 1.0}, {0.0, 5.0, 0.0, 1.0}, {1e-9, 1.0, 1e9}, random}) {
        std::vector<float> keep;
        std::vector<u32> alias;
        build_alias(weight, keep, alias);
        const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
        const auto chance = chances(keep, alias);
        for (size_t e = 0; e < weight.size(); ++e) EXPECT_NEAR(chance[e], weight[e] / total, 1e-7) << e;
    }
}

TEST(Geometry, AliasTableNeverDrawsAZeroWeight) {
    std::vector<float> keep;
    std::vector<u32> alias;
    build_alias({0.0, 5.0, 0.0, 1.0, 2.0}, keep, alias);
    EXPECT_EQ(chances(keep, alias)[0], 0.0);
    EXPECT_EQ(chances(keep, alias)[2], 0.0);
}

}  // namespace
}  // namespace respine
