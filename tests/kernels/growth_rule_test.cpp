#include "kernels/plasticity/growth_rule.hpp"

#include "tests/kernels/helpers.hpp"
#include "tests/reference/growth_rule.hpp"

namespace respine {
namespace {

constexpr GrowthRuleParams kGrowthParams{.rate = 0.02, .least = 0.5, .set_point = 1.0};

float grown(float rate, float baseline, float healthy, float elements, double dt) {
    grow_elements(kGrowthParams, dt, std::span(&rate, 1), std::span(&baseline, 1), std::span(&healthy, 1),
                  std::span(&elements, 1));
    return elements;
}

TEST(GrowthRule, GrowthStopsAtBothEndsOfTheWindow) {
    EXPECT_NEAR(growth_window(kGrowthParams, 0.5), 0.0, 1e-14);
    EXPECT_NEAR(growth_window(kGrowthParams, 1.0), 0.0, 1e-14);
    EXPECT_EQ(growth_window(kGrowthParams, 0.75), 1.0);
    EXPECT_LT(growth_window(kGrowthParams, 1.01), 0.0);
    EXPECT_LT(growth_window(kGrowthParams, 0.49), 0.0);
    EXPECT_NEAR(growth_window(kGrowthParams, 5.0), -1.0, 1e-15);
}

TEST(GrowthRule, FastestAtTheMiddleOfTheWindow) {
    EXPECT_NEAR(grown(3.0F, 4.0F, 200.0F, 160.0F, 0.5), 160.0 + 0.02 * 200.0 * 0.5, 1e-5);
}

TEST(GrowthRule, StaysAtTheSetPoint) { EXPECT_EQ(grown(4.0F, 4.0F, 200.0F, 160.0F, 0.5), 160.0F); }

TEST(GrowthRule, SilentNeuronsWithdrawButKeepOne) {
    EXPECT_LT(grown(0.0F, 4.0F, 200.0F, 160.0F, 0.5), 159.0F);
    EXPECT_EQ(grown(0.0F, 4.0F, 200.0F, 1.5F, 5.0), 1.0F);
    EXPECT_LT(grown(4.0F, 0.0F, 200.0F, 160.0F, 0.5), 160.0F) << "no baseline counts as silent";
}

TEST(GrowthRule, AgreesWithNaiveSerial) {
    const size_t n = 1500;
    const auto rate = test::random_floats(n, 0.0, 8.0, 1), baseline = test::random_floats(n, 1.0, 6.0, 2),
               healthy = test::random_floats(n, 100.0, 300.0, 3);
    const auto start = test::random_floats(n, 1.0, 300.0, 4);
    auto elements = start;
    grow_elements(kGrowthParams, 0.25, rate, baseline, healthy, elements);
    std::vector<double> expected;
    for (size_t i = 0; i < n; ++i)
        expected.push_back(
            reference::grown_elements(kGrowthParams, 0.25, rate[i], baseline[i], healthy[i], start[i]));
    test::expect_close(elements, expected, 2e-7);
}

TEST(GrowthRule, SameBitsForAnyThreadCount) {
    const size_t n = 4000;
    const auto rate = test::random_floats(n, 0.0, 8.0, 5), baseline = test::random_floats(n, 1.0, 6.0, 6),
               healthy = test::random_floats(n, 100.0, 300.0, 7);
    test::expect_same_bits_for_any_thread_count([&] {
        auto elements = test::random_floats(n, 1.0, 300.0, 8);
        for (int k = 0; k < 3; ++k) grow_elements(kGrowthParams, 0.25, rate, baseline, healthy, elements);
        return elements;
    });
}

}  // namespace
}  // namespace respine
