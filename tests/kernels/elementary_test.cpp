#include "kernels/numerics/elementary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace respine {
namespace {

double relative_error(double got, long double expected) {
    return static_cast<double>(std::fabs((static_cast<long double>(got) - expected) / expected));
}

TEST(Elementary, ExpWithinItsBound) {
    double worst = 0.0;
    for (int k = -100000; k <= 100000; ++k) {
        const double x = 0.00699999 * k, small = 1e-5 * k;
        worst = std::max({worst, relative_error(det_exp(x), std::exp(static_cast<long double>(x))),
                          relative_error(det_exp(small), std::exp(static_cast<long double>(small)))});
    }
    EXPECT_LT(worst, 4e-16);
}

TEST(Elementary, ExpAtItsEnds) {
    EXPECT_EQ(det_exp(0.0), 1.0);
    EXPECT_EQ(det_exp(-0.0), 1.0);
    EXPECT_EQ(det_exp(-700.1), 0.0);
    EXPECT_EQ(det_exp(-1e300), 0.0);
    EXPECT_EQ(det_exp(1e300), det_exp(700.0));
    EXPECT_LT(relative_error(det_exp(700.0), std::exp(700.0L)), 1e-15);
    EXPECT_LT(relative_error(det_exp(-700.0), std::exp(-700.0L)), 1e-15);
}

TEST(Elementary, LogWithinItsBound) {
    double worst = 0.0;
    for (int k = -100000; k <= 100000; ++k) {
        const double wide = std::exp(0.00690 * k), near = 1.0 + 4.99e-6 * k;
        if (k != 0)
            worst = std::max(worst, relative_error(det_log(wide), std::log(static_cast<long double>(wide))));
        if (k != 0)
            worst = std::max(worst, relative_error(det_log(near), std::log(static_cast<long double>(near))));
    }
    EXPECT_LT(worst, 1e-15);
    EXPECT_EQ(det_log(1.0), 0.0);
}

TEST(Elementary, LogOfThePowersOfTwo) {
    for (int n = -1022; n <= 1023; ++n) ASSERT_DOUBLE_EQ(det_log(std::ldexp(1.0, n)), n * M_LN2) << n;
}

TEST(Elementary, LogUndoesExp) {
    for (double x = -40.0; x < 40.0; x += 0.37) EXPECT_NEAR(det_log(det_exp(x)), x, 1e-14);
}

TEST(Elementary, CosTurnWithinItsBound) {
    double worst = 0.0;
    for (int k = -300000; k <= 300000; ++k) {
        const double u = 1e-5 * k;
        const long double expected =
            std::cos(2.0L * 3.14159265358979323846264338327950288L * static_cast<long double>(u));
        worst = std::max(
            worst, static_cast<double>(std::fabs(static_cast<long double>(det_cos_turn(u)) - expected)));
    }
    EXPECT_LT(worst, 1e-15);
}

TEST(Elementary, CosTurnOfTheQuarters) {
    EXPECT_EQ(det_cos_turn(0.0), 1.0);
    EXPECT_EQ(det_cos_turn(0.5), -1.0);
    EXPECT_EQ(det_cos_turn(-0.5), -1.0);
    EXPECT_EQ(det_cos_turn(7.0), 1.0);
    EXPECT_NEAR(det_cos_turn(0.25), 0.0, 1e-15);
    EXPECT_NEAR(det_cos_turn(-0.75), 0.0, 1e-15);
}

}  // namespace
}  // namespace respine
