#include "kernels/numerics/source_numbers.hpp"

#include <gtest/gtest.h>

#include <set>

namespace respine {
namespace {

TEST(SourceNumbers, AreTheNeuronsOwnWhereAllAreKnown) {
    const std::vector<Slice> all = {{0, 1000}};
    const SourceNumbers numbers(all, 1000);
    EXPECT_EQ(numbers.count(), 1000U);
    EXPECT_EQ(numbers.count(700), 700U);
    for (u32 i = 0; i < 1000; ++i) {
        EXPECT_EQ(numbers.in_rows(i), i);
        EXPECT_EQ(numbers.neuron(i), i);
    }
}

TEST(SourceNumbers, OfKnownNeuronsAreFewAndGoBackToThem) {
    const std::vector<Slice> known = {{3, 5}, {200, 900}, {70'000, 70'001}, {4'000'000'000, 4'000'000'300}};
    const SourceNumbers numbers(known, 4'100'000'000);
    EXPECT_LT(numbers.count(), 1000U + 7U * 256U);
    std::set<u32> used;
    for (const Slice s : known)
        for (u32 i = s.first; i < s.last; ++i) {
            const u32 number = numbers.in_rows(i);
            ASSERT_LT(number, numbers.count());
            ASSERT_EQ(numbers.neuron(number), i);
            ASSERT_EQ(number, numbers.in_rows(s.first) + (i - s.first)) << "slices stay together";
            ASSERT_TRUE(used.insert(number).second);
        }
    EXPECT_EQ(numbers.in_rows(2'000'000), kNoNumber);
    EXPECT_EQ(numbers.count(900), 4 * 256U);
}

TEST(NeuronArray, TakesNoMemoryUntilItIsWritten) {
    NeuronArray<float> values(size_t{1} << 30);  // 4 GB
    EXPECT_EQ(values[size_t{1} << 29], 0.0F);
    values[12345] = 1.0F;
    EXPECT_EQ(values[12345], 1.0F);
    EXPECT_EQ(NeuronArray<u32>(5), (NeuronArray<u32>{0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace respine
