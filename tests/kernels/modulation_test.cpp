#include "kernels/activity/modulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace respine {
namespace {

TEST(Modulation, NoDrugMovesNothing) {
    EXPECT_EQ(signed_occupancy({}), 0.0);
    const double gain[] = {0.3, -0.2}, none[] = {0.0, 0.0};
    EXPECT_EQ(modulated(gain, none), 1.0);
}

TEST(Modulation, OccupancyIsHalfAtTheEc50AndHasTheSignOfTheDrug) {
    const Binding agonist[] = {{1.0, 1.0}}, antagonist[] = {{-1.0, 3.0}}, partial[] = {{0.4, 1e9}};
    EXPECT_EQ(signed_occupancy(agonist), 0.5);
    EXPECT_EQ(signed_occupancy(antagonist), -0.75);
    EXPECT_NEAR(signed_occupancy(partial), 0.4, 1e-8);
}

TEST(Modulation, DrugsCompeteForOneSite) {
    const Binding both[] = {{1.0, 2.0}, {0.0, 7.0}};  // a neutral antagonist drives the agonist out
    EXPECT_NEAR(signed_occupancy(both), 0.2, 1e-15);
}

TEST(Modulation, ReceptorsAddUpAndNothingTurnsNegative) {
    const double gain[] = {0.3, -0.2}, moved[] = {-0.5, 1.0}, shut[] = {-1.0, 0.0}, large[] = {2.0, 0.0};
    EXPECT_NEAR(modulated(gain, moved), 1.0 - 0.15 - 0.2, 1e-15);
    EXPECT_EQ(modulated(large, shut), 0.0);
}

// Occupancy by counting sites: each drug takes the share u_k / (1 + sum u) of them.
TEST(Modulation, AgreesWithCountingSites) {
    for (double a : {0.0, 0.2, 4.0})
        for (double b : {0.0, 1.0, 30.0}) {
            const double free = 1.0 / (1.0 + a + b);
            const Binding drugs[] = {{0.8, a}, {-0.6, b}};
            EXPECT_NEAR(signed_occupancy(drugs), 0.8 * a * free - 0.6 * b * free, 1e-15);
        }
}

}  // namespace
}  // namespace respine
