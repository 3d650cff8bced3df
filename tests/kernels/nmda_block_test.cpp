#include "kernels/activity/nmda_block.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/reference/nmda_block.hpp"

namespace respine {
namespace {

NmdaBlocker blocker(double hill) { return {{5.0, 4.0, 1.2, 2.9}, hill, 0.3, 3.0, 1.0}; }

constexpr double kLong = 1e4;  // [s], thousands of time constants

std::vector<SubunitValues> settled(const std::vector<NmdaBlocker>& drugs, const std::vector<double>& level) {
    std::vector<SubunitValues> block(drugs.size(), SubunitValues{});
    advance_nmda_block(drugs, level, level, kLong, block);
    return block;
}

TEST(NmdaBlock, HalfIsBlockedAtTheIc50) {
    for (double hill : {1.0, 0.84, 1.5})
        for (size_t s = 0; s < kSubunits; ++s) {
            const NmdaBlocker drug = blocker(hill);
            EXPECT_NEAR(settled({drug}, {drug.ic50[s]})[0][s], 0.5, 1e-14);
        }
}

TEST(NmdaBlock, LevelFollowsTheHillCurve) {
    for (double ratio : {0.01, 0.3, 3.0, 100.0}) {
        const double u = std::pow(ratio, 0.84);
        EXPECT_NEAR(settled({blocker(0.84)}, {5.0 * ratio})[0][0], u / (1.0 + u), 1e-14);
        EXPECT_NEAR(settled({blocker(1.0)}, {5.0 * ratio})[0][0], ratio / (1.0 + ratio), 1e-14);
    }
}

TEST(NmdaBlock, DrugsCompete) {
    const auto block = settled({blocker(1.0), blocker(0.84)}, {10.0, 15.0});
    const double u = 2.0, v = std::pow(3.0, 0.84);
    EXPECT_NEAR(block[0][0], u / (1.0 + u + v), 1e-14);
    EXPECT_NEAR(block[1][0], v / (1.0 + u + v), 1e-14);
}

TEST(NmdaBlock, TwoHalfDosesOfOneDrugAreOneDose) {
    const auto split = total_block(settled({blocker(1.0), blocker(1.0)}, {2.0, 5.0})),
               whole = total_block(settled({blocker(1.0)}, {7.0}));
    for (size_t s = 0; s < kSubunits; ++s) EXPECT_NEAR(split[s], whole[s], 1e-14);
}

TEST(NmdaBlock, BindsAtItsOwnSpeed) {
    const std::vector<NmdaBlocker> drug = {blocker(1.0)};
    std::vector<SubunitValues> block(1, SubunitValues{});
    advance_nmda_block(drug, std::vector<double>{5.0}, std::vector<double>{5.0}, 0.2, block);
    EXPECT_NEAR(block[0][0], 0.5 * (1.0 - std::exp(-(0.3 * 5.0 + 3.0) * 0.2)), 1e-14);
}

TEST(NmdaBlock, UnbindsWithKoff) {
    std::vector<SubunitValues> block = {{0.6, 0.5, 0.4, 0.3}};
    advance_nmda_block(std::vector<NmdaBlocker>{blocker(0.84)}, std::vector<double>{0.0},
                       std::vector<double>{0.0}, 0.25, block);
    for (size_t s = 0; s < kSubunits; ++s)
        EXPECT_NEAR(block[0][s], (0.6 - 0.1 * static_cast<double>(s)) * std::exp(-0.75), 1e-14);
}

TEST(NmdaBlock, NoDrugNoBlock) {
    EXPECT_EQ(settled({blocker(0.84)}, {0.0})[0], SubunitValues{});
    EXPECT_EQ(total_block({}), SubunitValues{});
}

TEST(NmdaBlock, TwoHalfStepsAreOneStep) {
    const std::vector<NmdaBlocker> drugs = {blocker(1.0), blocker(0.84)};
    const std::vector<double> level = {3.0, 1.0};
    std::vector<SubunitValues> one = {{0.1, 0.2, 0.3, 0.4}, {0.4, 0.0, 0.2, 0.1}}, two = one;
    advance_nmda_block(drugs, level, level, 0.3, one);
    for (int n = 0; n < 2; ++n) advance_nmda_block(drugs, level, level, 0.15, two);
    for (size_t k = 0; k < 2; ++k)
        for (size_t s = 0; s < kSubunits; ++s) EXPECT_NEAR(two[k][s], one[k][s], 1e-14);
}

TEST(NmdaBlock, AgreesWithNaiveSerial) {
    const std::vector<NmdaBlocker> drugs = {blocker(0.84),
                                            {{0.5, 2.0, 8.0, 1.0}, 1.0, 0.05, 0.4, 1.0},
                                            {{30.0, 9.0, 3.0, 0.4}, 1.3, 1.0, 9.0, 1.0}};
    const std::vector<double> level = {2.0, 0.3, 4.0};
    std::vector<SubunitValues> block = {{0.1, 0.2, 0.3, 0.0}, {0.4, 0.0, 0.2, 0.1}, {0.0, 0.3, 0.1, 0.6}};
    std::vector<std::vector<double>> expected;
    for (size_t s = 0; s < kSubunits; ++s)
        expected.push_back(
            reference::nmda_block(drugs, level, s, {block[0][s], block[1][s], block[2][s]}, 0.4, 2000));
    advance_nmda_block(drugs, level, level, 0.4, block);
    for (size_t k = 0; k < drugs.size(); ++k)
        for (size_t s = 0; s < kSubunits; ++s) EXPECT_NEAR(block[k][s], expected[s][k], 1e-10);
}

TEST(NmdaBlock, AtRestATrappedBlockerStaysAndAnotherLeaves) {
    const NmdaParams p{
        .reference_potential = -65.0, .mix_spread = 0.0, .escape_in_use = 4.0, .escape_at_rest = 20.0};
    const SubunitValues mix = {0.5, 0.5, 0.0, 0.0};
    NmdaBlocker drug{{5.0, 5.0, 1.0, 1.0}, 1.0, 0.3, 3.0, 1.0};
    const std::vector<double> level = {5.0};
    EXPECT_NEAR(resting_block(p, std::vector{drug}, level, mix), 0.5, 1e-15) << "as in use";
    drug.trapping = 0.5;
    EXPECT_NEAR(resting_block(p, std::vector{drug}, level, mix), 1.0 / (1.0 + 11.0 / 3.0), 1e-15)
        << "its IC50 is that in use";
    EXPECT_EQ(resting_block(p, {}, {}, mix), 0.0);
}

TEST(NmdaBlock, MagnesiumFollowsJahrAndStevens) {
    EXPECT_EQ(magnesium_open_fraction(0.0, -65.0), 1.0);
    EXPECT_NEAR(magnesium_open_fraction(3.57, 0.0), 0.5, 1e-15);
    EXPECT_NEAR(magnesium_open_fraction(1.0, -65.0), 1.0 / (1.0 + std::exp(4.03) / 3.57), 1e-15);
    EXPECT_NEAR(magnesium_open_fraction(1.0, -80.0), 0.0244,
                5e-5);  // an eye on the curve of the paper: 2.4 % open at -80 mV
    EXPECT_GT(magnesium_open_fraction(1.0, -40.0), magnesium_open_fraction(1.0, -60.0));
}

TEST(NmdaBlock, ReceptorTakesTheMeanOverItsMix) {
    EXPECT_NEAR(receptor_block({0.5, 0.25, 0.25, 0.0}, {0.2, 0.4, 0.8, 1.0}), 0.4, 1e-15);
    EXPECT_NEAR(receptor_block({0.3, 0.26, 0.22, 0.22}, {1.0, 1.0, 1.0, 1.0}), 1.0, 1e-15);
}

TEST(NmdaBlock, ShiftedMixSumsToOne) {
    const SubunitValues mix = {0.30, 0.26, 0.22, 0.22};
    for (double factor : {0.0, 0.5, 1.0, 1.7, 2.2, 9.0}) {
        const SubunitValues m = shifted_mix(mix, factor);
        EXPECT_NEAR(std::accumulate(m.begin(), m.end(), 0.0), 1.0, 1e-15) << factor;
        EXPECT_NEAR(m[2] + m[3], std::min(1.0, 0.44 * factor), 1e-15) << factor;
        EXPECT_NEAR(m[0] * mix[1], m[1] * mix[0], 1e-15) << "the proportions inside each half stay";
        EXPECT_NEAR(m[2] * mix[3], m[3] * mix[2], 1e-15);
    }
}

TEST(NmdaBlock, ShiftedMixLeavesPureMixesAlone) {
    EXPECT_EQ(shifted_mix({0.5, 0.5, 0.0, 0.0}, 3.0), (SubunitValues{0.5, 0.5, 0.0, 0.0}));
    EXPECT_EQ(shifted_mix({0.0, 0.0, 0.7, 0.3}, 0.5), (SubunitValues{0.0, 0.0, 0.7, 0.3}));
}

}  // namespace
}  // namespace respine

namespace respine {
namespace {

// The settled level moves during the step: the block follows a ramp exactly, so one step equals many small
// ones.
TEST(NmdaBlock, FollowsARampAsManySmallStepsDo) {
    const std::vector<NmdaBlocker> drug = {{{5.35, 5.08, 1.18, 2.95},
                                            1.0,
                                            0.0,
                                            0.3,
                                            1.0}};  // constant rate, so that the ramp is the only change
    std::vector<SubunitValues> one(1), many(1);
    const auto settled = [](double level, double ic50) { return level / (level + ic50); };
    const double dt = 20.0;
    advance_nmda_block(drug, std::vector<double>{0.0}, std::vector<double>{2.0}, dt, one);
    for (size_t s = 0; s < kSubunits; ++s) {
        const double ic50 = drug[0].ic50[s];
        for (int n = 0; n < 20000; ++n) {  // explicit Euler on the same linear path of the settled level
            const double target = settled(2.0, ic50) * (n + 0.5) / 20000.0;
            many[0][s] += 0.3 * (target - many[0][s]) * dt / 20000.0;
        }
        EXPECT_NEAR(one[0][s], many[0][s], 1e-4);
    }
}

}  // namespace
}  // namespace respine
