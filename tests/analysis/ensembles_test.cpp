#include "analysis/read/ensembles.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace respine {
namespace {

TEST(Ensembles, CountsWhatCameBackAndWhatIsKept) {
    const Rows lost{{0, 2, 2, 3}, {1, 2, 0}}, first{{0, 1, 3, 4}, {5, 0, 2, 1}},
        last{{0, 2, 4, 5}, {5, 1, 0, 7, 6}};  // new: 0 <- 1 (lost), 1 <- 7, 2 <- 6; gone: 1 <- 2, 2 <- 1
    const Ensembles found = compare_ensembles(lost, first, last);
    EXPECT_DOUBLE_EQ(found.reconnected, 100.0 / 3.0);
    EXPECT_DOUBLE_EQ(found.overlap, 100.0 * 3.0 / 7.0);
}

TEST(Ensembles, AreNotDefinedWithoutWhatTheyCount) {
    const Rows none{{0, 0, 0}, {}}, some{{0, 1, 1}, {1}};
    EXPECT_TRUE(std::isnan(compare_ensembles(none, some, some).reconnected));
    EXPECT_TRUE(std::isnan(compare_ensembles(none, some, some).overlap));
}

}  // namespace
}  // namespace respine
