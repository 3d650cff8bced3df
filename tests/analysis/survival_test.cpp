#include "analysis/read/survival.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace respine {
namespace {

TEST(Survival, WithoutLossIsThePlainQuantile) {
    const std::vector<Followed> all = {{5, true}, {1, true}, {4, true}, {2, true}};
    EXPECT_EQ(time_to_share(all, 0.75), 1.0);
    EXPECT_EQ(time_to_share(all, 0.5), 2.0);
    EXPECT_EQ(time_to_share(all, 0.25), 4.0);
    EXPECT_EQ(time_to_share(all, 0.0), 5.0);
}

TEST(Survival, WhoIsLostCountsUntilThen) {
    // S: 5/6 at 1; 2 is lost; 5/6 * 3/4 at 3; then 5/6 * 3/4 * 2/3 at 4, of which the one lost at 4 was still
    // at risk
    const std::vector<Followed> some = {{1, true}, {2, false}, {3, true}, {4, true}, {4, false}, {9, false}};
    EXPECT_EQ(time_to_share(some, 0.84), 1.0);
    EXPECT_EQ(time_to_share(some, 0.626), 3.0);
    EXPECT_EQ(time_to_share(some, 0.5), 4.0);
    EXPECT_TRUE(std::isinf(time_to_share(some, 0.4)));
}

TEST(Survival, TheMedianOfACensoredSampleIsLaterThanThatOfItsEvents) {
    EXPECT_EQ(time_to_share({{3, true}, {6, false}, {6, false}, {7, true}, {8, true}}, 0.5), 7.0);
}

TEST(Survival, NobodyAndNothing) {
    EXPECT_TRUE(std::isnan(time_to_share({}, 0.5)));
    EXPECT_TRUE(std::isinf(time_to_share({{3, false}, {4, false}}, 0.5)));
    EXPECT_EQ(time_to_share({{3, true}, {3, true}, {3, false}}, 0.5), 3.0);
}

}  // namespace
}  // namespace respine
