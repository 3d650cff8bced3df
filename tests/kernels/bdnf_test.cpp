#include "kernels/plasticity/bdnf.hpp"

#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/bdnf.hpp"

namespace respine {
namespace {

BdnfParams bdnf_params() {
    BdnfParams p{};
    p.release = 3.0;
    p.threshold = 1.05;
    p.clearance = 1.2;
    p.activity = 0.5;
    p.supply_loss = 0.9;
    p.supply_half = 0.5;
    p.supply_fall = 0.3;
    p.supply_return = 8.0;
    p.extrasynaptic = 0.5;
    return p;
}

BdnfInput input(double translation, double calcium, double scavenged) {
    return {.translation = translation,
            .started = translation,
            .calcium = calcium,
            .scavenged = scavenged,
            .supply = 1.0,
            .surge = 1.0,
            .resting = 0.0};
}

constexpr BdnfInput kSome{.translation = 0.6,
                          .started = 0.7,
                          .calcium = 0.9,
                          .scavenged = 0.2,
                          .supply = 0.7,
                          .surge = 0.8,
                          .resting = 0.3};

float excess_after(const BdnfParams& p, double translation, double calcium, double scavenged, double dt,
                   float ampa, float excess) {
    advance_bdnf(p, input(translation, calcium, scavenged), dt, std::span(&ampa, 1), std::span(&excess, 1));
    return excess;
}

TEST(Bdnf, SettlesAtReleaseTimesClearance) {
    EXPECT_NEAR(excess_after(bdnf_params(), 0.5, 0.8, 0.0, 1000.0, 1.55F, 7.0F), 3.0 * 1.2 * 0.8 * 0.5 * 0.5,
                1e-6);
}

TEST(Bdnf, RisesAsOneMinusExponential) {
    const double settled = 3.0 * 1.2 * 0.45;
    EXPECT_NEAR(excess_after(bdnf_params(), 1.0, 1.0, 0.0, 0.6, 1.5F, 0.0F), settled * (1.0 - std::exp(-0.5)),
                1e-6);
}

TEST(Bdnf, ClearsExponentiallyWithoutDrive) {
    EXPECT_NEAR(excess_after(bdnf_params(), 1.0, 1.0, 0.0, 1.2, 1.0F, 2.0F), 2.0 * std::exp(-1.0), 1e-6);
}

TEST(Bdnf, TwoHalfStepsAreOneStep) {
    const float half = excess_after(bdnf_params(), 0.7, 1.0, 0.1, 0.25, 1.4F, 0.3F);
    EXPECT_NEAR(excess_after(bdnf_params(), 0.7, 1.0, 0.1, 0.25, 1.4F, half),
                excess_after(bdnf_params(), 0.7, 1.0, 0.1, 0.5, 1.4F, 0.3F), 2e-7);
}

TEST(Bdnf, CuttingAnyFactorAbolishesTheRise) {
    EXPECT_EQ(excess_after(bdnf_params(), 0.0, 1.0, 0.0, 1.0, 2.0F, 0.0F), 0.0F);  // no translation
    EXPECT_EQ(excess_after(bdnf_params(), 1.0, 0.0, 0.0, 1.0, 2.0F, 0.0F), 0.0F);  // L-type channels closed
    EXPECT_EQ(excess_after(bdnf_params(), 1.0, 1.0, 1.0, 1.0, 2.0F, 0.0F),
              0.0F);  // all bound by the antibody
    EXPECT_EQ(excess_after(bdnf_params(), 1.0, 1.0, 0.0, 1.0, 1.05F, 0.0F), 0.0F);  // drive at the threshold
    EXPECT_GT(excess_after(bdnf_params(), 1.0, 1.0, 0.0, 1.0, 2.0F, 0.0F), 1.0F);
}

TEST(Bdnf, ActivityStartsTranslationWithoutAnyBlock) {
    const BdnfParams p = bdnf_params();
    EXPECT_NEAR(started_translation(p, 0.0, 1.0, 2.0), 0.5 * 0.95 / (1.0 + 0.5 * 0.95), 1e-15);
    EXPECT_EQ(started_translation(p, 0.0, 1.0, 1.05), 0.0) << "a mean drive at the threshold";
    EXPECT_EQ(started_translation(p, 0.3, 0.0, 2.0), 0.3) << "no supply";
    EXPECT_LE(started_translation(p, 1.0, 1.0, 2.0), 1.0);
    for (double ampa : {0.8, 1.2, 1.7, 3.0})
        EXPECT_NEAR(started_translation(p, 0.4, 0.8, ampa), reference::started_translation(p, 0.4, 0.8, ampa),
                    1e-15);
}

TEST(Bdnf, WithoutTheSurgeTranslationAloneReleases) {
    float ampa = 1.0F, excess = 0.0F;
    BdnfInput rest = input(0.6, 1.0, 0.0);
    rest.surge = 0.0, rest.resting = 0.2;
    advance_bdnf(bdnf_params(), rest, 1000.0, std::span(&ampa, 1), std::span(&excess, 1));
    EXPECT_NEAR(excess, 3.0 * 1.2 * 0.2 * 0.6, 1e-6);
}

TEST(Bdnf, AntibodyScalesTheRise) {
    EXPECT_NEAR(excess_after(bdnf_params(), 1.0, 1.0, 0.75, 1.0, 2.0F, 0.0F),
                0.25 * excess_after(bdnf_params(), 1.0, 1.0, 0.0, 1.0, 2.0F, 0.0F), 1e-7);
}

TEST(Bdnf, AgreesWithNaiveSerial) {
    const auto ampa = test::random_floats(3001, 0.0, 3.0, 1), start = test::random_floats(3001, 0.0, 4.0, 2);
    auto excess = start;
    advance_bdnf(bdnf_params(), kSome, 0.05, ampa, excess);
    std::vector<double> expected;
    for (size_t i = 0; i < start.size(); ++i)
        expected.push_back(reference::bdnf_excess(bdnf_params(), kSome, 0.05, ampa[i], start[i]));
    test::expect_close(excess, expected, 1e-6);
}

TEST(Bdnf, SameBitsForAnyThreadCount) {
    const auto ampa = test::random_floats(5000, 0.0, 3.0, 3);
    test::expect_same_bits_for_any_thread_count([&] {
        auto excess = test::random_floats(5000, 0.0, 4.0, 4);
        for (int n = 0; n < 3; ++n) advance_bdnf(bdnf_params(), kSome, 0.05, ampa, excess);
        return excess;
    });
}

TEST(Bdnf, SupplyIsWholeAtRest) {
    EXPECT_EQ(settled_supply(bdnf_params(), 0.0, 0.0, 1.0), 1.0);
    EXPECT_EQ(settled_supply(bdnf_params(), 0.0, 0.0, 0.4), 1.0) << "less glutamate gives no more than all";
}

TEST(Bdnf, ADeepBlockTakesTheSupplyAndAPartialOneHardly) {
    EXPECT_NEAR(settled_supply(bdnf_params(), 0.5, 0.5, 1.0), 1.0 - 0.9 * 0.5, 1e-15);
    EXPECT_GT(settled_supply(bdnf_params(), 0.2, 0.2, 1.0), 0.97);
    EXPECT_LT(settled_supply(bdnf_params(), 0.9, 0.9, 1.0), 0.2);
    EXPECT_EQ(settled_supply(bdnf_params(), -0.3, 0.0, 1.0), 1.0) << "receptors that were added";
}

TEST(Bdnf, ExtrasynapticGlutamateTakesSupplyUnlessItsReceptorsAreBlocked) {
    EXPECT_NEAR(settled_supply(bdnf_params(), 0.0, 0.0, 1.6), 1.0 / 1.3, 1e-15);
    EXPECT_EQ(settled_supply(bdnf_params(), 0.0, 0.5, 1.6), 1.0);
}

TEST(Bdnf, SupplyFallsFastAndReturnsSlowly) {
    struct Course {
        double settled, supply, time;
    };
    for (const Course& c : {Course{0.2, 1.0, 0.3}, Course{1.0, 0.2, 8.0}}) {
        const double small = reference::rk4({c.supply}, 0.4, 100, [&](const auto& z) {
            return reference::Vector{(c.settled - z[0]) / c.time};
        })[0];
        EXPECT_NEAR(advance_supply(bdnf_params(), c.settled, 0.4, c.supply), small, 1e-9);
    }
}

TEST(Bdnf, EmptySpanIsNoWork) { advance_bdnf(bdnf_params(), input(1.0, 1.0, 0.0), 1.0, {}, {}); }

}  // namespace
}  // namespace respine
