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

// However many processes have the terms, and wherever they are cut.
TEST(OrderedSum, PartsInOrderGiveTheSameBits) {
    const size_t n = 9 * kBlock + 77;
    const auto a = test::random_floats(n, -1e3, 1e6, 5), b = test::random_floats(n, -1e-3, 1.0, 6);
    std::mt19937_64 engine(7);
    for (size_t parts : {1, 2, 3, 40}) {
        std::vector<size_t> cuts = {0, n};
        while (cuts.size() < parts + 1) cuts.push_back(engine() % n);
        std::sort(cuts.begin(), cuts.end());
        RunningSum sum, dot;
        for (size_t k = 0; k + 1 < cuts.size(); ++k) {
            SumPart({a.data(), nullptr, cuts[k], cuts[k + 1]}, cuts[k]).add_to(sum);
            SumPart({a.data(), b.data(), cuts[k], cuts[k + 1]}, cuts[k]).add_to(dot);
        }
        EXPECT_EQ(sum.value(), ordered_sum(a)) << parts;
        EXPECT_EQ(dot.value(), ordered_dot(a, b)) << parts;
    }
}

// Of several superblocks the sums are added in order.
TEST(OrderedSum, OfMillionsIsThatOfItsSuperblocks) {
    const size_t n = 2 * kSuperblock + 5 * kBlock + 11;
    const auto a = test::random_floats(n, -1e3, 1e6, 5);
    const std::span<const float> all(a);
    const double in_order = ordered_sum(all.first(kSuperblock)) +
                            ordered_sum(all.subspan(kSuperblock, kSuperblock)) +
                            ordered_sum(all.subspan(2 * kSuperblock));
    EXPECT_EQ(ordered_sum(a), in_order);
    const size_t cut = kSuperblock + 12345;
    const SumTerms terms[] = {{a.data(), nullptr, 0, cut}, {a.data(), nullptr, cut, n, std::nullopt, true}};
    EXPECT_EQ(NeuronShare(n).sums(terms), std::vector<double>{in_order}) << "of two lists that are one";
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
