#include "kernels/plasticity/readout.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace respine {
namespace {

ReadoutParams readout_params() {
    return {.early_weight = 0.5,
            .late_weight = 0.9,
            .surge_weight = 0.2,
            .potentiation_reference = 0.15,
            .placebo = 0.1,
            .placebo_on = 6.0,
            .placebo_off = 336.0,
            .dissociation_threshold = 50.0,
            .dissociation_range = 150.0,
            .blood_pressure_reference = 200.0};
}

TEST(Readout, EarlyPartIsPotentiationOverItsReference) {
    EXPECT_EQ(early_response(readout_params(), 1.0), 0.0);
    EXPECT_NEAR(early_response(readout_params(), 1.06), 0.4, 1e-14);
    EXPECT_EQ(early_response(readout_params(), 1.9), 1.0);
    EXPECT_EQ(early_response(readout_params(), 0.9), 0.0);
}

TEST(Readout, LatePartIsTheRestoredShareOfTheDeficit) {
    EXPECT_NEAR(restored_share(170.0, 160.0, 200.0), 0.25, 1e-15);
    EXPECT_EQ(restored_share(150.0, 160.0, 200.0), 0.0);
    EXPECT_EQ(restored_share(230.0, 160.0, 200.0), 1.0);
}

TEST(Readout, OfAGainUnderStressTheUndoneShareCounts) {
    EXPECT_NEAR(restored_share(230.0, 240.0, 200.0), 0.25, 1e-15);
    EXPECT_EQ(restored_share(250.0, 240.0, 200.0), 0.0);
}

TEST(Readout, NoDeficitNothingToRestore) {
    EXPECT_TRUE(std::isnan(restored_share(210.0, 200.0, 200.0)));
    EXPECT_TRUE(std::isnan(restored_share(210.0, 199.5, 200.0)));  // below half a percent counts as none
    EXPECT_TRUE(std::isnan(response_index(readout_params(), {.restored = std::nan(""), .placebo = 0.2})));
    EXPECT_NEAR(restored_share(199.0, 198.0, 200.0), 0.5, 1e-12);
}

double placebo_after(double size, std::vector<double> hours_since) {
    return placebo_response(readout_params(), size, hours_since);
}

TEST(Readout, PlaceboRisesAndFades) {
    EXPECT_EQ(placebo_after(0.1, {}), 0.0);
    EXPECT_EQ(placebo_after(0.1, {-1.0}), 0.0);
    EXPECT_EQ(placebo_after(0.1, {0.0}), 0.0);
    EXPECT_NEAR(placebo_after(0.3, {24.0}), 0.3 * (1.0 - std::exp(-4.0)) * std::exp(-24.0 / 336.0), 1e-16);
    EXPECT_LT(placebo_after(0.1, {3360.0}), 1e-5);
}

TEST(Readout, EachTreatmentRenewsThePlaceboResponseWithoutAJump) {
    const double before = placebo_after(0.3, {168.0});
    EXPECT_EQ(placebo_after(0.3, {168.0, -24.0}), before);
    EXPECT_EQ(placebo_after(0.3, {168.0, 0.0}), before);
    EXPECT_NEAR(placebo_after(0.3, {168.001, 0.001}), before, 1e-4);
    EXPECT_GT(placebo_after(0.3, {192.0, 24.0}), 1.3 * placebo_after(0.3, {192.0}));
    EXPECT_LT(placebo_after(0.3, {192.0, 24.0}), 0.3);
    // a second treatment at the same time is the first one over again
    EXPECT_EQ(placebo_after(0.3, {24.0, 24.0}), placebo_after(0.3, {24.0}));
}

TEST(Readout, ResponseJoinsItsParts) {
    const ReadoutParams p = readout_params();
    EXPECT_EQ(response_index(p, {}), 0.0);
    EXPECT_NEAR(response_index(p, {.early = 1.0}), 0.5, 1e-15);
    EXPECT_NEAR(response_index(p, {.restored = 1.0}), 0.9, 1e-15);
    EXPECT_NEAR(response_index(p, {.surge = 0.5}), 0.1, 1e-15);
    EXPECT_NEAR(response_index(p, {.antidepressant = 0.4}), 0.4, 1e-15);
    ResponseParts parts{.early = 0.4, .restored = 0.5, .rebound = 0.1, .placebo = 0.05};
    EXPECT_NEAR(response_index(p, parts), 1.0 - 0.8 * 0.55 - 0.1 + 0.05, 1e-15);
    parts.synaptic_share = 0.5;
    EXPECT_NEAR(response_index(p, parts), 0.5 * (1.0 - 0.8 * 0.55) - 0.1 + 0.05, 1e-15);
    parts.surge = 0.5, parts.new_stress = 0.03;
    EXPECT_NEAR(response_index(p, parts), 0.5 * (1.0 - 0.8 * 0.55 * 0.9) - 0.1 - 0.03 + 0.05, 1e-15);
}

TEST(Readout, AnAntidepressantRelievesWhatSynapsesLeave) {
    EXPECT_NEAR(
        response_index(readout_params(), {.synaptic_share = 0.5, .restored = 1.0, .antidepressant = 0.4}),
        0.45 + 0.4 * 0.55, 1e-15);
}

TEST(Readout, AStopMayLeaveItWorseThanBefore) {
    EXPECT_EQ(response_index(readout_params(), {.rebound = 0.25}), -0.25);
    EXPECT_EQ(response_index(readout_params(), {.rebound = 0.75, .new_stress = 0.5}), -1.0);
}

TEST(Readout, ResponseIsOneAtMost) {
    EXPECT_EQ(response_index(readout_params(), {.early = 1.0, .restored = 1.0, .placebo = 0.4}), 1.0);
}

TEST(Readout, SideEffectsFollowTheArterialLevel) {
    EXPECT_EQ(dissociation_index(readout_params(), 50.0, 0.0), 0.0);
    EXPECT_EQ(dissociation_index(readout_params(), 10.0, 0.0), 0.0);
    EXPECT_NEAR(dissociation_index(readout_params(), 200.0, 0.0), 1.0, 1e-15);
    EXPECT_EQ(dissociation_index(readout_params(), 900.0, 0.0), 2.0);
    EXPECT_NEAR(dissociation_index(readout_params(), 200.0, 0.4), 0.6, 1e-15);
    EXPECT_EQ(blood_pressure_index(readout_params(), 0.0), 0.0);
    EXPECT_NEAR(blood_pressure_index(readout_params(), 150.0), 0.75, 1e-15);
    EXPECT_EQ(blood_pressure_index(readout_params(), 900.0), 2.0);
}

}  // namespace
}  // namespace respine
