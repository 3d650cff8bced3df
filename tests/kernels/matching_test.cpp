#include "kernels/activity/matching.hpp"

#include <vector>

#include "tests/kernels/helpers.hpp"

namespace respine {
namespace {

TEST(Matching, ScalesEveryLevelByTheFactorOfItsCell) {
    const std::vector<float> factor = test::random_floats(5000, 0.0, 2.0, 1);
    const std::vector<float> own[] = {
        test::random_floats(5000, 1.0, 40.0, 2), test::random_floats(5000, 1.0, 40.0, 3),
        test::random_floats(5000, 1.0, 80.0, 4), test::random_floats(5000, 0.0, 1.0, 5)};
    std::vector<float> matched[4];
    for (auto& v : matched) v.resize(5000);
    match_counts(factor, {own[0], own[1], own[2], own[3]}, {matched[0], matched[1], matched[2], matched[3]});
    for (size_t level = 0; level < 4; ++level)
        for (size_t i = 0; i < 5000; ++i)
            ASSERT_EQ(matched[level][i], (factor[i] < 0.05F ? 0.05F : factor[i]) * own[level][i]) << i;
}

}  // namespace
}  // namespace respine
