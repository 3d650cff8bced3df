#include "kernels/activity/pharmacokinetics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/reference/pharmacokinetics.hpp"

namespace respine {
namespace {

using Vector = std::vector<double>;

Vector transition_of(const Vector& rate, size_t n, double dt) {
    Vector transition(n * n), scratch(2 * n * n);
    transition_matrix(rate, n, dt, transition, scratch);
    return transition;
}

Vector advanced(const Vector& rate, Vector x, double dt) {
    Vector scratch(x.size());
    advance_amounts(transition_of(rate, x.size(), dt), x, scratch);
    return x;
}

// Central, shallow, deep; `out` leaves the central compartment.
Vector three_compartments(double out) {
    const double k12 = 6.0, k21 = 3.5, k13 = 1.2, k31 = 0.15;
    return {-(k12 + k13 + out), k21, k31, k12, -k21, 0.0, k13, 0.0, -k31};
}

TEST(Pharmacokinetics, BolusDecaysExponentially) {
    for (double dt : {1e-4, 0.1, 1.0, 7.0, 50.0})
        EXPECT_NEAR(advanced({-0.35}, {120.0}, dt)[0] / (120.0 * std::exp(-0.35 * dt)), 1.0, 1e-12) << dt;
}

TEST(Pharmacokinetics, InfusionIsAState) {  // dA/dt = R - k A, dR/dt = 0
    const Vector rate = {-0.8, 1.0, 0.0, 0.0};
    const Vector x = advanced(rate, {0.0, 30.0}, 0.667);
    EXPECT_NEAR(x[0], 30.0 / 0.8 * (1.0 - std::exp(-0.8 * 0.667)), 1e-11);
    EXPECT_EQ(x[1], 30.0);
}

TEST(Pharmacokinetics, AbsorptionFollowsBateman) {
    const double ka = 2.2, ke = 0.3, t = 1.7;
    const Vector x = advanced({-ka, 0.0, ka, -ke}, {50.0, 0.0}, t);
    EXPECT_NEAR(x[0], 50.0 * std::exp(-ka * t), 1e-11);
    EXPECT_NEAR(x[1], 50.0 * ka / (ka - ke) * (std::exp(-ke * t) - std::exp(-ka * t)), 1e-11);
}

TEST(Pharmacokinetics, AreaUnderTheCurveIsDoseOverClearance) {  // dAUC/dt = A as a state
    const Vector x = advanced({-0.5, 0.0, 1.0, 0.0}, {10.0, 0.0}, 200.0);
    EXPECT_NEAR(x[1], 20.0, 1e-10);
}

TEST(Pharmacokinetics, ThreeCompartmentsAgreeWithSmallSteps) {
    const Vector rate = three_compartments(1.1), start = {100.0, 5.0, 0.0};
    for (double dt : {0.01, 0.5, 6.0}) {
        const Vector got = advanced(rate, start, dt),
                     expected = reference::linear_compartments(rate, start, dt, 6000);
        for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(got[i], expected[i], 1e-9) << dt;
    }
}

TEST(Pharmacokinetics, TwoHalfStepsAreOneStep) {
    const Vector rate = three_compartments(1.1), start = {100.0, 5.0, 1.0};
    for (double dt : {0.02, 1.0, 24.0}) {
        const Vector one = advanced(rate, start, dt),
                     two = advanced(rate, advanced(rate, start, dt / 2.0), dt / 2.0);
        for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(two[i] / one[i], 1.0, 1e-12) << dt;
    }
}

TEST(Pharmacokinetics, NoEliminationConservesMass) {
    for (double dt : {0.02, 1.0, 24.0, 1000.0}) {
        const Vector x = advanced(three_compartments(0.0), {100.0, 5.0, 1.0}, dt);
        EXPECT_NEAR(std::accumulate(x.begin(), x.end(), 0.0), 106.0, 1e-9) << dt;
    }
}

TEST(Pharmacokinetics, ExchangeSettlesWhereFlowsBalance) {
    const Vector x = advanced(three_compartments(0.0), {100.0, 0.0, 0.0}, 1000.0);
    EXPECT_NEAR(6.0 * x[0], 3.5 * x[1], 1e-8);
    EXPECT_NEAR(1.2 * x[0], 0.15 * x[2], 1e-8);
}

TEST(Pharmacokinetics, StiffRatesOverALongStepStayBounded) {
    const Vector x =
        advanced({-5000.0, 0.0, 5000.0, -0.1}, {1.0, 0.0}, 24.0);  // an effect site a second away
    EXPECT_NEAR(x[0], 0.0, 1e-12);
    EXPECT_NEAR(x[1], 5000.0 / (5000.0 - 0.1) * std::exp(-2.4), 1e-9);
}

TEST(Pharmacokinetics, NoTimeAndNoRateAreTheIdentity) {
    const Vector identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    EXPECT_EQ(transition_of(three_compartments(1.1), 3, 0.0), identity);
    EXPECT_EQ(transition_of(Vector(9, 0.0), 3, 5.0), identity);
}

}  // namespace
}  // namespace respine
