#include "kernels/plasticity/spine_size.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/numerics/random.hpp"

namespace respine {
namespace {

constexpr SpineSizeParams kSizeParams{.sd = 0.36, .time = 2.0, .new_mean = -0.67, .new_sd = 0.21};

double size_of(int fixed) { return size_from_fixed(static_cast<u16>(fixed)); }

TEST(SpineSize, FixedPointKeepsHalfAUnit) {
    for (double x = -3.9; x < 3.9; x += 0.0137)
        EXPECT_NEAR(size_from_fixed(size_to_fixed(x)), x, 0.5 / kSizeUnits + 1e-12);
    for (int f = 0; f < 65536; f += 7) ASSERT_EQ(size_to_fixed(size_of(f)), f);
    EXPECT_EQ(size_to_fixed(-10.0), 0);
    EXPECT_EQ(size_to_fixed(10.0), 65535);
}

TEST(SpineSize, ByteSumIsStandardisedRight) {
    double mean = 0.0, square = 0.0;
    for (int byte = 0; byte < 256; ++byte) {
        mean += byte / 256.0;
        square += byte * byte / 256.0;
    }
    EXPECT_EQ(static_cast<double>(kByteSumMean), 2.0 * mean);
    EXPECT_NEAR(kByteSumSd, std::sqrt(2.0 * (square - mean * mean)), 1e-8);
}

TEST(SpineSize, WalkStepIsTheExactOrnsteinUhlenbeckStep) {
    const WalkStep step = walk_step(kSizeParams, 0.5);
    EXPECT_FLOAT_EQ(step.keep, static_cast<float>(std::exp(-0.25)));
    EXPECT_NEAR(step.noise,
                0.36 * std::sqrt(1.0 - std::exp(-0.5)) * kSizeUnits / std::sqrt(2.0 * 65535.0 / 12.0), 1e-5);
}

TEST(SpineSize, NoStepLeavesEverySizeAlone) {
    const WalkStep still = walk_step(kSizeParams, 0.0);
    for (int size = 0; size < 65536; ++size)
        ASSERT_EQ(walked_size(still, size, static_cast<u32>(size) * 2654435761U), size);
}

TEST(SpineSize, BytesMoveTheSizeAsTheirSum) {
    const WalkStep step{.keep = 1.0F, .noise = 2.0F};
    EXPECT_EQ(walked_size(step, 30000, 0x00000000), 30000 - 510);
    EXPECT_EQ(walked_size(step, 30000, 0x0000ffff), 30000 + 510);
    EXPECT_EQ(walked_size(step, 30000, 0xffff8000), 30000 - 510 + 256);  // the high half is for the loss
    for (u32 shift : {0U, 8U}) EXPECT_EQ(walked_size(step, 30000, 10U << shift), 30000 - 510 + 20);
}

TEST(SpineSize, StaysInsideItsRange) {
    const WalkStep wild{.keep = 1.0F, .noise = 100.0F};
    EXPECT_EQ(walked_size(wild, 0, 0), 0);
    EXPECT_EQ(walked_size(wild, 65535, 0xffffffff), 65535);
}

struct Spread {
    double mean = 0.0, variance = 0.0;
};

// `walkers` sizes after `steps` steps, all from the same start.
Spread walk(const WalkStep& step, int start, u32 walkers, u32 steps) {
    double sum = 0.0, square = 0.0;
    for (u32 w = 0; w < walkers; ++w) {
        int size = start;
        for (u32 n = 0; n < steps; ++n) size = walked_size(step, size, philox(3, Stream::kWalk, w, 0, n)[0]);
        sum += size_of(size);
        square += size_of(size) * size_of(size);
    }
    const double mean = sum / walkers;
    return {mean, square / walkers - mean * mean};
}

// z scores of mean and variance against the closed form of the walk, t [d] after a start at x0.
void expect_ornstein_uhlenbeck(const Spread& s, double x0, double t, u32 walkers) {
    const double mean = x0 * std::exp(-t / kSizeParams.time),
                 variance = kSizeParams.sd * kSizeParams.sd * (1.0 - std::exp(-2.0 * t / kSizeParams.time));
    EXPECT_LT(std::fabs(s.mean - mean) / std::sqrt(variance / walkers), 4.0);
    EXPECT_LT(std::fabs(s.variance / variance - 1.0) / std::sqrt(2.0 / walkers), 4.0);
}

TEST(SpineSize, OneStepHasTheRightMeanAndVariance) {
    const double dt = 1.0 / 48.0;
    expect_ornstein_uhlenbeck(walk(walk_step(kSizeParams, dt), size_to_fixed(0.8), 200000, 1), 0.8, dt,
                              200000);
}

TEST(SpineSize, ManyStepsFollowTheClosedForm) {
    const double dt = 1.0 / 48.0;
    for (u32 steps : {48U, 480U})
        expect_ornstein_uhlenbeck(walk(walk_step(kSizeParams, dt), size_to_fixed(0.8), 4000, steps), 0.8,
                                  steps * dt, 4000);
}

TEST(SpineSize,
     RoundingDoesNotBiasASlowWalk) {  // a step of the default model: drift below half a unit, noise of forty
    const SpineSizeParams slow{.sd = 0.36, .time = 155.0, .new_mean = 0.0, .new_sd = 0.0};
    const u32 walkers = 4000, steps = 480;  // ten days
    const Spread s = walk(walk_step(slow, 1.0 / 48.0), size_to_fixed(1.0), walkers, steps);
    const double keep = std::exp(-10.0 / 155.0), variance = 0.36 * 0.36 * (1.0 - keep * keep);
    EXPECT_LT(std::fabs(s.mean - keep) / std::sqrt(variance / walkers), 4.0);
    EXPECT_LT(std::fabs(s.variance / variance - 1.0) / std::sqrt(2.0 / walkers), 4.0);
}

}  // namespace
}  // namespace respine
