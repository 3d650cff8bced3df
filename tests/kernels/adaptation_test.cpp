#include "kernels/activity/adaptation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reference/adaptation.hpp"

namespace respine {
namespace {

AdaptationParams adaptation_params() {
    return {.receptors = 0.25,
            .receptor_time = 336.0,
            .exposure_reference = 0.05,
            .rebound = 0.3,
            .inflammation_return = 504.0,
            .inflammation_relief = 0.5,
            .inflammation_uptake = 0.3,
            .inflammation_evoked = 0.5,
            .antidepressant_time = 336.0,
            .sert_full = 1.0,
            .psychotomimetic_gain = 0.8,
            .psychotomimetic_return = 504.0};
}

TEST(Adaptation, NothingMovesWithoutDrug) {
    AdaptationState s{0.0, 0.7, 0.0, 0.0};
    for (int n = 0; n < 100; ++n) advance_adaptation(adaptation_params(), 0.0, 0.7, 0.0, 10.0, s);
    EXPECT_EQ(s.up_regulation, 0.0);
    EXPECT_NEAR(s.inflammation, 0.7, 1e-13);
    EXPECT_EQ(s.antidepressant, 0.0);
    EXPECT_EQ(receptor_number(adaptation_params(), s), 1.0);
    EXPECT_EQ(s.psychotomimetic, 0.0);
    EXPECT_EQ(excess_current(receptor_number(adaptation_params(), s), 0.0), 0.0);
}

TEST(Adaptation, UpRegulationFollowsExposure) {
    AdaptationState s;
    advance_adaptation(adaptation_params(), 0.025, 0.0, 0.0, 336.0, s);
    EXPECT_NEAR(s.up_regulation, 0.5 * (1.0 - std::exp(-1.0)), 1e-14);
}

TEST(Adaptation, ReceptorsSaturate) {
    AdaptationState s;
    s.up_regulation = 0.5;
    EXPECT_NEAR(receptor_number(adaptation_params(), s), 1.125, 1e-15);
    s.up_regulation = 8.0;
    EXPECT_NEAR(receptor_number(adaptation_params(), s), 1.25, 1e-15);
    AdaptationParams off = adaptation_params();
    off.receptors = 0.0;
    EXPECT_EQ(receptor_number(off, s), 1.0);
}

TEST(Adaptation, AddedReceptorsMakeUpForBlockedOnes) {
    EXPECT_NEAR(lost_current(1.0, 0.3), 0.3, 1e-15);
    EXPECT_NEAR(lost_current(1.25, 0.2), 0.0, 1e-15);
    EXPECT_EQ(lost_current(1.25, 0.0), 0.0);
}

TEST(Adaptation, ReboundComesOnlyAfterAStop) {
    AdaptationState s;
    for (int day = 0; day < 60; ++day) {
        advance_adaptation(adaptation_params(), 0.2, 0.0, 0.0, 24.0, s);
        EXPECT_LE(excess_current(receptor_number(adaptation_params(), s), 0.2), 1e-12) << day;
    }
    EXPECT_NEAR(excess_current(receptor_number(adaptation_params(), s), 0.0), 0.25, 1e-12);
    advance_adaptation(adaptation_params(), 0.0, 0.0, 0.0, 336.0 * 8.0, s);
    EXPECT_LT(excess_current(receptor_number(adaptation_params(), s), 0.0), 1e-3);
}

TEST(Adaptation, InflammationSettlesBetweenReturnAndRelief) {
    AdaptationState s{0.0, 1.0, 0.0, 0.0};
    advance_adaptation(adaptation_params(), 0.1, 1.0, 0.0, 1e5, s);
    EXPECT_NEAR(s.inflammation, 1.0 / (1.0 + 504.0 * 0.5 * 0.1), 1e-14);
    advance_adaptation(adaptation_params(), 0.0, 1.0, 0.0, 504.0, s);
    EXPECT_NEAR(s.inflammation, 1.0 - (1.0 - 1.0 / 26.2) * std::exp(-1.0), 1e-14);
}

TEST(Adaptation, AntidepressantBuildsUpOverWeeks) {
    AdaptationState s;
    advance_adaptation(adaptation_params(), 0.0, 0.0, 1.0, 336.0, s);
    EXPECT_NEAR(s.antidepressant, 1.0 - std::exp(-1.0), 1e-14);
}

TEST(Adaptation, ToleranceToDissociationGrowsWithEachDoseAndFades) {
    AdaptationState s;
    double before = 0.0;
    for (int dose = 0; dose < 6; ++dose) {
        advance_adaptation(adaptation_params(), 0.1, 0.0, 0.0, 1.5, s);
        EXPECT_GT(s.psychotomimetic, before) << dose;
        before = s.psychotomimetic;
        advance_adaptation(adaptation_params(), 0.0, 0.0, 0.0, 46.5, s);
    }
    EXPECT_LT(before, 1.0);
    advance_adaptation(adaptation_params(), 0.0, 0.0, 0.0, 504.0 - 46.5, s);
    EXPECT_NEAR(s.psychotomimetic, before * std::exp(-1.0), 1e-12);
    AdaptationParams off = adaptation_params();
    off.psychotomimetic_gain = 0.0;
    AdaptationState none;
    advance_adaptation(off, 0.5, 0.0, 0.0, 100.0, none);
    EXPECT_EQ(none.psychotomimetic, 0.0);
}

TEST(Adaptation, TwoHalfStepsAreOneStep) {
    AdaptationState one{0.2, 0.6, 0.8, 0.3}, two = one;
    advance_adaptation(adaptation_params(), 0.07, 0.9, 1.0, 50.0, one);
    for (int n = 0; n < 2; ++n) advance_adaptation(adaptation_params(), 0.07, 0.9, 1.0, 25.0, two);
    EXPECT_NEAR(two.up_regulation, one.up_regulation, 1e-14);
    EXPECT_NEAR(two.inflammation, one.inflammation, 1e-14);
    EXPECT_NEAR(two.antidepressant, one.antidepressant, 1e-14);
    EXPECT_NEAR(two.psychotomimetic, one.psychotomimetic, 1e-14);
}

TEST(Adaptation, AgreesWithSmallSteps) {
    AdaptationState s{0.2, 0.6, 0.8, 0.3};
    const AdaptationState slow = reference::adaptation(adaptation_params(), 0.12, 0.9, 1.0, 40.0, 4000, s);
    advance_adaptation(adaptation_params(), 0.12, 0.9, 1.0, 40.0, s);
    EXPECT_NEAR(s.up_regulation, slow.up_regulation, 1e-11);
    EXPECT_NEAR(s.inflammation, slow.inflammation, 1e-11);
    EXPECT_NEAR(s.antidepressant, slow.antidepressant, 1e-11);
    EXPECT_NEAR(s.psychotomimetic, slow.psychotomimetic, 1e-11);
}

}  // namespace
}  // namespace respine
