#include "kernels/plasticity/translation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reference/rk4.hpp"

namespace respine {
namespace {

constexpr TranslationParams kTranslationParams{.time_constant = 0.25, .half = 1.0};

TEST(Translation, NoDrugNoRelease) {
    EXPECT_EQ(advance_translation(kTranslationParams, 0.0, 1.0, 0.0), 0.0);
    EXPECT_NEAR(advance_translation(kTranslationParams, 0.0, 0.25, 0.8), 0.8 * std::exp(-1.0), 1e-15);
}

TEST(Translation, HalfIsReleasedAtTheHalf) {
    EXPECT_NEAR(advance_translation(kTranslationParams, 1.0, 100.0, 0.0), 0.5, 1e-15);
    EXPECT_NEAR(advance_translation(kTranslationParams, 1e9, 100.0, 0.0), 1.0, 1e-8);
}

TEST(Translation, RisesWithItsTimeConstant) {
    EXPECT_NEAR(advance_translation(kTranslationParams, 3.0, 0.1, 0.0), 0.75 * (1.0 - std::exp(-0.4)), 1e-15);
}

TEST(Translation, TwoHalfStepsAreOneStep) {
    const double half = advance_translation(kTranslationParams, 2.0, 0.05, 0.3);
    EXPECT_NEAR(advance_translation(kTranslationParams, 2.0, 0.05, half),
                advance_translation(kTranslationParams, 2.0, 0.1, 0.3), 1e-15);
}

TEST(Translation, AgreesWithSmallSteps) {
    for (double c : {0.1, 1.0, 20.0}) {
        const auto slow = reference::rk4({0.4}, 0.3, 1000, [&](const auto& x) {
            return reference::Vector{(c / (1.0 + c) - x[0]) / 0.25};
        });
        EXPECT_NEAR(advance_translation(kTranslationParams, c, 0.3, 0.4), slow[0], 1e-12);
    }
}

}  // namespace
}  // namespace respine
