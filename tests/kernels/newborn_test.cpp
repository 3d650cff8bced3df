#include "kernels/plasticity/newborn.hpp"

#include <cmath>

#include "tests/kernels/turnover.hpp"

namespace respine {
namespace {

using namespace turnover;

// The same with newborns, some of them in neurons with protein.
Turnover young(size_t rows) {
    Turnover t = lively(rows);
    t.newborn = newborn_step({.share = 1.0, .hazard = 0.3, .maturation = 0.2, .protein = 1.5}, 1.3, 0.5);
    t.pool = test::random_floats(rows, 0.0, 1.0, 22);
    return t;
}

TEST(Newborn, EqualsNaiveSerialByteForByte) { expect_naive_serial(young(2300)); }

TEST(Newborn, StepHasTheChancesOfItsRates) {
    const NewbornStep step =
        newborn_step({.share = 0.5, .hazard = 0.6, .maturation = 0.2, .protein = 2.0}, 1.3, 0.25);
    EXPECT_TRUE(step.any);
    // Both at once, each with its share of those that leave.
    const double dies = 0.6 * 1.3 * 1.5, matures = 0.2 * (1.0 + 2.0 * 0.4),
                 left = -std::expm1(-(dies + matures) * 0.25) / (dies + matures);
    const NewbornChances chances = chances_of(step, 1.5, 0.4);
    EXPECT_NEAR(chances.die, dies * left, 1e-12);
    EXPECT_NEAR(chances.mature, matures * left, 1e-12);
    EXPECT_FALSE(
        newborn_step({.share = 0.0, .hazard = 0.6, .maturation = 0.2, .protein = 2.0}, 1.3, 0.25).any);
}

// Two half steps are one whole: what forms in the first half is old by the end of the second.
TEST(Newborn, InfancyOfAStepIsThatOfItsHalves) {
    const NewbornParams p{.share = 1.0, .hazard = 0.6, .maturation = 0.2, .protein = 2.0};
    for (const double dt : {1e-5, 0.02, 0.5, 3.0}) {
        const NewbornStep whole = newborn_step(p, 1.3, dt), half = newborn_step(p, 1.3, 0.5 * dt);
        const Infancy all = infancy_of(whole, 1.2, 0.3, 0.4 * dt),
                      of_half = infancy_of(half, 1.2, 0.3, 0.2 * dt);
        const NewbornChances later = chances_of(half, 1.2, 0.3);
        const double stays = 1.0 - later.die - later.mature;
        EXPECT_NEAR(all.newborn, 0.5 * of_half.newborn * (stays + 1.0), 1e-9);
        EXPECT_NEAR(all.matured, 0.5 * (2.0 * of_half.matured + of_half.newborn * later.mature), 1e-9);
        EXPECT_NEAR(all.mature, 0.5 * of_half.mature * (std::exp(-0.2 * dt) + 1.0), 1e-9);
    }
}

// Rows of 80 spines of one size, half of them newborn; how many of each are left.
struct Left {
    double newborn = 0.0, matured = 0.0, mature = 0.0;
};
Left left_of(Turnover t, size_t count) {
    t.equilibrium.assign(count, 1e9F);
    reference::PlasticRows rows;
    for (size_t i = 0; i < count; ++i) rows.add_row(80, 0);
    for (size_t k = 0; k < rows.log_size.size(); ++k) {
        rows.birth[k] = k % 2;
        rows.log_size[k] = marked_size(size_to_fixed(-0.4), k % 2 == 1);
    }
    auto out_degree = rows.out_degree(1);
    turn_over(t, rows, out_degree);
    Left left;
    for (size_t i = 0; i < count; ++i)
        for (u64 k = rows.begin[i]; k < rows.begin[i] + rows.live[i]; ++k)
            ++(rows.birth[k] == 0 ? left.mature : is_newborn(rows.log_size[k]) ? left.newborn : left.matured);
    return left;
}

TEST(Newborn, DiesAndMaturesAtItsRatesAndOthersStay) {
    Turnover t = constant_chance(1, 0.0F);
    t.newborn = {.any = true, .dies = 0.03, .matures = 0.02, .protein = 2.0};
    constexpr size_t kRows = 4000;
    constexpr double kBorn = 40.0 * kRows;
    for (const float pool : {0.0F, 0.5F}) {
        t.pool.assign(kRows, pool);
        const Left left = left_of(t, kRows);
        const double matures = 0.02 * (1.0 + 2.0 * static_cast<double>(pool)),
                     leave = -std::expm1(-0.03 - matures), mature = leave * matures / (0.03 + matures),
                     off = 4.0 * std::sqrt(kBorn * 0.04);
        EXPECT_EQ(left.mature, kBorn);
        EXPECT_NEAR(left.matured, kBorn * mature, off);
        EXPECT_NEAR(left.newborn, kBorn * (1.0 - leave), off);
    }
}

TEST(Newborn, WalkKeepsTheMark) {
    Turnover t = constant_chance(300, 0.0F);
    t.newborn.any = true;
    t.pool.assign(300, 0.0F);
    t.walk = {.keep = 0.99F, .noise = 1.7F};
    auto rows = reference::random_rows(300, 70, kSources, 9);
    const auto before = rows.log_size;
    auto out_degree = rows.out_degree(kSources);
    turn_over(t, rows, out_degree);
    size_t moved = 0;
    for (size_t k = 0; k < before.size(); ++k) {
        ASSERT_EQ(rows.log_size[k] % 2, before[k] % 2);
        moved += rows.log_size[k] != before[k];
    }
    EXPECT_GT(moved, 1000U);
}

TEST(Newborn, SameBitsForAnyThreadCount) { expect_same_bits(young(9000)); }

}  // namespace
}  // namespace respine
