#include "kernels/numerics/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace respine {
namespace {

Draw random123(u64 seed, u32 stream, u32 id, u32 counter, u32 tick) {
    r123::Philox4x32::ctr_type words = {{id, counter, tick, stream}};
    r123::Philox4x32::key_type key = {{static_cast<u32>(seed), static_cast<u32>(seed >> 32)}};
    const auto r = r123::Philox4x32()(words, key);
    return {r[0], r[1], r[2], r[3]};
}

// Known-answer vectors of the Random123 distribution (tests/kat_vectors, philox4x32 10).
TEST(Random, PhiloxGivesThePublishedVectors) {
    EXPECT_EQ(philox(0, static_cast<Stream>(0), 0, 0, 0),
              (Draw{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox(~u64{0}, static_cast<Stream>(0xffffffff), 0xffffffff, 0xffffffff, 0xffffffff),
              (Draw{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox(0x299f31d0a4093822, static_cast<Stream>(0x03707344), 0x243f6a88, 0x85a308d3, 0x13198a2e),
              (Draw{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, LanesEqualTheScalarGenerator) {
    for (u64 seed : {u64{0}, u64{1}, u64{0x123456789abcdef0}, ~u64{0}})
        for (u32 first : {0U, 16U, 4321U, 0xfffffff8U}) {  // the last one wraps round inside the lanes
            PhiloxLanes lanes;
            philox_lanes(PhiloxKeys(seed), Stream::kWalk, 77U + first, first, 99U, lanes);
            for (u32 l = 0; l < kPhiloxLanes; ++l) {
                const Draw expected =
                    random123(seed, static_cast<u32>(Stream::kWalk), 77U + first, first + l, 99U);
                for (size_t w = 0; w < 4; ++w)
                    ASSERT_EQ(lanes.word[w][l], expected[w]) << "lane " << l << " word " << w;
            }
        }
}

TEST(Random, EveryArgumentChangesTheDraw) {
    const std::set<Draw> draws = {philox(1, Stream::kWalk, 2, 3, 4),
                                  philox(2, Stream::kWalk, 2, 3, 4),
                                  philox(u64{1} << 32, Stream::kWalk, 2, 3, 4),
                                  philox(1, Stream::kGraph, 2, 3, 4),
                                  philox(1, Stream::kWalk, 3, 3, 4),
                                  philox(1, Stream::kWalk, 2, 4, 4),
                                  philox(1, Stream::kWalk, 2, 3, 5)};
    EXPECT_EQ(draws.size(), 7U);
}

TEST(Random, UnitIsNeverZeroNorOne) {
    EXPECT_EQ(unit(0), 0x1p-33);
    EXPECT_EQ(unit(0xffffffff), 1.0 - 0x1p-33);
    EXPECT_EQ(unit(0x80000000) + unit(0x7fffffff), 1.0);
}

TEST(Random, UnitHasTheMomentsOfAUniformLaw) {
    constexpr u32 kDraws = 200000;
    double sum = 0.0, square = 0.0;
    for (u32 n = 0; n < kDraws; ++n) {
        const double u = unit(philox(11, Stream::kScoring, n, 0, 0)[n % 4]) - 0.5;
        sum += u;
        square += u * u;
    }
    EXPECT_LT(std::fabs(sum / kDraws) / std::sqrt(1.0 / 12.0 / kDraws), 4.0);  // z
    EXPECT_LT(std::fabs(square / kDraws - 1.0 / 12.0) / std::sqrt(1.0 / 180.0 / kDraws),
              4.0);  // z; Var u^2 = 1/180
}

TEST(Random, NormalHasItsMoments) {
    constexpr u32 kDraws = 200000;
    double m1 = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
    for (u32 n = 0; n < kDraws; ++n) {
        const Draw u = philox(5, Stream::kHeterogeneity, n, 0, 0);
        const double z = normal(u[0], u[1]);
        m1 += z;
        m2 += z * z;
        m3 += z * z * z;
        m4 += z * z * z * z;
    }
    const double root = std::sqrt(static_cast<double>(kDraws));
    EXPECT_LT(std::fabs(m1 / kDraws) * root, 4.0);  // all z, with Var z^k = E z^2k - (E z^k)^2
    EXPECT_LT(std::fabs(m2 / kDraws - 1.0) * root / std::sqrt(2.0), 4.0);
    EXPECT_LT(std::fabs(m3 / kDraws) * root / std::sqrt(15.0), 4.0);
    EXPECT_LT(std::fabs(m4 / kDraws - 3.0) * root / std::sqrt(96.0), 4.0);
}

TEST(Random, NormalIsBoxAndMuller) {
    for (u32 n = 0; n < 1000; ++n) {
        const Draw u = philox(9, Stream::kScoring, n, 0, 0);
        const double expected = std::sqrt(-2.0 * std::log(unit(u[0]))) * std::cos(2.0 * M_PI * unit(u[1]));
        ASSERT_NEAR(normal(u[0], u[1]), expected, 1e-13);
    }
}

TEST(Random, NormalIsFiniteAtItsEnds) {
    EXPECT_NEAR(normal(0, 0), std::sqrt(66.0 * std::log(2.0)),
                1e-12);  // -2 ln 2^-33; no draw lies further out
    EXPECT_NEAR(normal(0, 0x80000000), -std::sqrt(66.0 * std::log(2.0)), 1e-12);
    EXPECT_NEAR(normal(0xffffffff, 0), std::sqrt(0x1p-32), 1e-12);
}

TEST(Random, BelowCoversItsRangeEvenly) {
    for (u32 n : {1U, 2U, 7U, 1000U, 0xffffffffU}) {
        EXPECT_EQ(below(0, n), 0U);
        EXPECT_EQ(below(0xffffffff, n), n - 1);
    }
    std::array<u32, 7> count{};
    for (u32 k = 0; k < 7 * 4096; ++k)
        ++count[below(k * 149797U + 7U, 7)];  // a regular comb of 28672 points over the range of u32
    for (u32 c : count) EXPECT_NEAR(c, 4096.0, 2.0);
}

}  // namespace
}  // namespace respine
