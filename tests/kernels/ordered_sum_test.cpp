#include "kernels/numerics/ordered_sum.hpp"

#include "tests/kernels/helpers.hpp"
#include "tests/reference/ordered_sum.hpp"

namespace respine {
namespace {

TEST(OrderedSum, OfKnownValues) {
    const std::vector<float> values = {1.0F, 2.0F, 3.0F, 6.0F};
    EXPECT_EQ(ordered_sum(values), 12.0);
    EXPECT_EQ(ordered_dot(values, values), 50.0);
    EXPECT_EQ(ordered_moments(values).mean, 3.0);
    EXPECT_DOUBLE_EQ(ordered_moments(values).sd, std::sqrt(3.5));
}

TEST(OrderedSum, OfNothingIsZero) {
    EXPECT_EQ(ordered_sum({}), 0.0);
    EXPECT_EQ(ordered_dot({}, {}), 0.0);
    EXPECT_EQ(ordered_moments({}).mean, 0.0);
    EXPECT_EQ(ordered_moments({}).sd, 0.0);
}

TEST(OrderedSum, AgreesWithExtendedPrecision) {
    for (size_t n :
         {size_t{1}, kBlock - 1, kBlock, kBlock + 1, size_t{20 * kBlock + 17}}) {  // the edges of a block
        const auto a = test::random_floats(n, -1.0, 3.0, n), b = test::random_floats(n, 0.0, 2.0, n + 1);
        EXPECT_NEAR(ordered_sum(a), static_cast<double>(reference::sum(a)), 1e-12 * static_cast<double>(n));
        EXPECT_NEAR(ordered_dot(a, b), static_cast<double>(reference::dot(a, b)),
                    1e-12 * static_cast<double>(n));
        EXPECT_NEAR(ordered_moments(a).sd, static_cast<double>(reference::population_sd(a)), 1e-12);
    }
}

TEST(OrderedSum, SmallSpreadOnALargeMeanIsKept) {
    std::vector<float> values(5000);
    for (size_t i = 0; i < values.size(); ++i) values[i] = i % 2 ? 100000.0F : 100000.25F;
    EXPECT_DOUBLE_EQ(ordered_moments(values).mean, 100000.125);
    EXPECT_DOUBLE_EQ(ordered_moments(values).sd, 0.125);
}

TEST(OrderedSum, SameBitsForAnyThreadCount) {
    const auto a = test::random_floats(50 * kBlock + 3, -1e6, 1e6, 1),
               b = test::random_floats(50 * kBlock + 3, -1e-3, 1.0, 2);
    test::expect_same_bits_for_any_thread_count([&] {
        const Moments m = ordered_moments(a);
        return std::vector<double>{ordered_sum(a), ordered_dot(a, b), m.mean, m.sd};
    });
}

}  // namespace
}  // namespace respine
