#include "kernels/activity/first_order.hpp"

#include <cmath>

#include "tests/kernels/helpers.hpp"

namespace respine {
namespace {

TEST(FirstOrder, FollowsItsExponential) {
    const std::vector<double> made = {3.0, 0.0, -1.0}, lost = {0.5, 0.25, 2.0};
    std::vector<float> x = {1.0F, 4.0F, 0.5F}, held(3);
    advance_first_order(made, lost, 1.5, 1.0, x, held);
    const double start[] = {1.0, 4.0, 0.5};
    for (size_t i = 0; i < 3; ++i) {
        const double rest = made[i] / lost[i], after = rest + (start[i] - rest) * std::exp(-1.5 * lost[i]);
        EXPECT_NEAR(x[i], after, 1e-6);
        EXPECT_NEAR(held[i], 0.5 * (start[i] + after), 1e-6);
    }
}

// The gain is (1 - e^-z)/z without its cancellation, and 1 at 0.
TEST(FirstOrder, GainIsSmooth) {
    EXPECT_EQ(held_gain(0.0), 1.0);
    for (double z = -3.0; z < 40.0; z += 0.0137)
        EXPECT_NEAR(held_gain(z), -std::expm1(-z) / z, 1e-13 * std::exp(-z) + 1e-13);
    for (const double z : {1e-9, 1e-5, 9.99e-4, 1.001e-3, -1e-3})
        EXPECT_NEAR(held_gain(z), -std::expm1(-z) / z, 2e-13) << z;
}

TEST(FirstOrder, WithoutDecayItAddsUp) {
    const std::vector<double> made(5, 0.2);
    std::vector<float> x(5, 1.0F), held(5);
    advance_first_order(made, 0.0, 10.0, 1.0, x, held);
    test::expect_close(x, std::vector<float>(5, 3.0F), 1e-7);
}

TEST(FirstOrder, TwoHalfStepsAreOneStep) {
    const std::vector<double> made(300, 0.7);
    auto once = test::random_floats(300, 0.0, 5.0, 1), twice = once;
    std::vector<float> held(300);
    advance_first_order(made, 0.3, 4.0, 1.0, once, held);
    for (int k = 0; k < 2; ++k) advance_first_order(made, 0.3, 2.0, 1.0, twice, held);
    test::expect_close(once, twice, 1e-6);
}

// In its own unit: 1 of it is 0.001 base units.
TEST(FirstOrder, KeepsItsOwnUnit) {
    const std::vector<double> made(4, 0.002);  // base units a second: 2 of its own
    std::vector<float> x(4, 10.0F), held(4);
    advance_first_order(made, 0.1, 3.0, 0.001, x, held);
    const double after = 20.0 + (10.0 - 20.0) * std::exp(-0.3);
    test::expect_close(x, std::vector<float>(4, static_cast<float>(after)), 1e-6);
}

TEST(FirstOrder, OneDecayForAllIsThatOfEach) {
    const std::vector<double> lost(77, 0.3);
    std::vector<double> made(77);
    for (size_t i = 0; i < made.size(); ++i) made[i] = 0.01 * static_cast<double>(i);
    std::vector<float> a(77, 1.0F), b = a, held_a(77), held_b(77);
    advance_first_order(made, lost, 2.0, 1.0, a, held_a);
    advance_first_order(made, 0.3, 2.0, 1.0, b, held_b);
    EXPECT_EQ(a, b);
    EXPECT_EQ(held_a, held_b);
}

}  // namespace
}  // namespace respine
