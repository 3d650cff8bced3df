#include "analysis/design/design.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace respine {
namespace {

TEST(Design, HypercubeTakesEveryStratumOnce) {
    const UnitDesign d = latin_hypercube(3, 50, 7);
    for (size_t k = 0; k < 3; ++k) {
        std::set<int> strata;
        for (const auto& row : d.rows) strata.insert(static_cast<int>(row[k] * 50.0));
        EXPECT_EQ(strata.size(), 50U) << k;
        EXPECT_EQ(*strata.begin(), 0);
        EXPECT_EQ(*strata.rbegin(), 49);
    }
    EXPECT_NE(d.rows, latin_hypercube(3, 50, 8).rows);
    EXPECT_EQ(d.rows, latin_hypercube(3, 50, 7).rows);
}

TEST(Design, TrajectoriesMoveOneParameterAtATimeAndEachOnce) {
    const UnitDesign d = morris_design(4, 6, 4, 1);
    ASSERT_EQ(d.rows.size(), 30U);
    for (size_t t = 0; t < 6; ++t) {
        std::set<size_t> moved;
        for (size_t r = 5 * t; r + 1 < 5 * t + 5; ++r) {
            EXPECT_EQ(d.block[r], t);
            size_t changes = 0;
            for (size_t k = 0; k < 4; ++k)
                if (d.rows[r][k] != d.rows[r + 1][k]) {
                    ++changes;
                    moved.insert(k);
                    EXPECT_NEAR(std::fabs(d.rows[r][k] - d.rows[r + 1][k]), 0.5, 1e-12);
                }
            EXPECT_EQ(changes, 1U);
        }
        EXPECT_EQ(moved.size(), 4U);
    }
    for (const auto& row : d.rows)
        for (double x : row) EXPECT_TRUE(x > 0.0 && x < 1.0) << x;
}

TEST(Design, BlocksOfSaltelliMixTwoSamples) {
    const UnitDesign d = saltelli_design(3, 16, 1);
    ASSERT_EQ(d.rows.size(), 80U);
    for (size_t b = 0; b < 16; ++b) {
        const auto& first = d.rows[5 * b];
        const auto& second = d.rows[5 * b + 4];
        for (size_t i = 0; i < 3; ++i)
            for (size_t k = 0; k < 3; ++k) EXPECT_EQ(d.rows[5 * b + 1 + i][k], i == k ? second[k] : first[k]);
    }
    double mean = 0.0;
    for (size_t b = 0; b < 16; ++b) mean += d.rows[5 * b][0] / 16.0;
    EXPECT_NEAR(mean, 0.5, 0.07) << "a low-discrepancy sequence fills evenly";
}

TEST(Design, BlocksOfSaltelliAreScrambledAndThoseOfAShorterDesignComeFirst) {
    const UnitDesign d = saltelli_design(10, 32, 1), longer = saltelli_design(10, 200, 1),
                     other = saltelli_design(10, 32, 2);
    for (size_t b = 0; b < 32; ++b) {
        const std::set<std::vector<double>> different(
            d.rows.begin() + static_cast<std::ptrdiff_t>(12 * b),
            d.rows.begin() + static_cast<std::ptrdiff_t>(12 * b + 12));
        EXPECT_EQ(different.size(), 12U) << "block " << b;
        for (size_t k = 0; k < 10; ++k)
            EXPECT_NE(d.rows[12 * b][k], d.rows[12 * b + 11][k]) << b << ", " << k;
    }
    EXPECT_TRUE(std::equal(d.rows.begin(), d.rows.end(), longer.rows.begin()));
    EXPECT_NE(d.rows, other.rows);
    for (size_t k = 0; k < 10; ++k)
        for (size_t last : {0U, 11U}) {  // A and B each take every one of 32 strata once
            std::set<int> strata;
            for (size_t b = 0; b < 32; ++b) strata.insert(static_cast<int>(d.rows[12 * b + last][k] * 32.0));
            EXPECT_EQ(strata.size(), 32U) << k;
        }
}

TEST(Design, FactorialRunsThroughAllCombinations) {
    const auto rows = full_factorial({2, 3});
    ASSERT_EQ(rows.size(), 6U);
    EXPECT_EQ(rows[1], (std::vector<u32>{0, 1}));
    EXPECT_EQ(rows[5], (std::vector<u32>{1, 2}));
}

TEST(Design, LawsKeepTheirQuantiles) {
    EXPECT_DOUBLE_EQ(quantile(Prior::kUniform, 2.0, 6.0, 0.25), 3.0);
    EXPECT_NEAR(quantile(Prior::kLogUniform, 1.0, 100.0, 0.5), 10.0, 1e-12);
    EXPECT_NEAR(quantile(Prior::kNormal, -1.0, 3.0, 0.025), -1.0, 1e-9);
    EXPECT_NEAR(quantile(Prior::kNormal, -1.0, 3.0, 0.5), 1.0, 1e-12);
    EXPECT_NEAR(quantile(Prior::kLogNormal, 1.0, 100.0, 0.975), 100.0, 1e-7);
    for (Prior law : {Prior::kUniform, Prior::kLogUniform, Prior::kNormal, Prior::kLogNormal})
        for (double u : {0.1, 0.5, 0.9})
            EXPECT_NEAR(share_below(law, 2.0, 9.0, quantile(law, 2.0, 9.0, u)), u, 1e-12);
}

}  // namespace
}  // namespace respine
