// The walk of spine sizes: log size x follows an Ornstein-Uhlenbeck walk about 0.
//
//   x <- x d + sigma sqrt(1 - d^2) z
//   d = exp(-dt/tau)
//
//   sigma   stationary SD without loss [1]
//   tau     correlation time [d]
//   dt      structural step [d]
//   z       mean 0, variance 1
//
// z is the sum of two random bytes, standardised: a step moves x by under 2 % of sigma, so after a few hours
// only its mean and variance are left, and these are exact. Sizes are 16-bit fixed point; the noise is some
// forty units, so rounding does not bias the drift.
// Source: log-normal spine sizes by intrinsic fluctuation, Roessler et al. 2023;
// Yasumatsu et al. 2008, 10.1523/JNEUROSCI.0603-08.2008. Values: configs/models/*.yaml.
#pragma once

#include "kernels/activity/synapse_rows.hpp"
#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct SpineSizeParams {
    double sd;        // sigma [1]
    double time;      // tau [d]
    double new_mean;  // log size of a new spine [1]
    double new_sd;    // [1]
};
inline constexpr Parameter<SpineSizeParams> kSpineSizeParameters[] = {
    {"sd", "1", &SpineSizeParams::sd, 0.01, 0.8, "stationary SD of log size without loss"},
    {"time", "d", &SpineSizeParams::time, 1, 10000, "correlation time of log size"},
    {"new_mean", "1", &SpineSizeParams::new_mean, -3, 3,
     "mean log size of a new spine, relative to the attractor"},
    {"new_sd", "1", &SpineSizeParams::new_sd, 0, 1, "SD of the log size of a new spine"},
};

// The walk in fixed-point units for one structural step.
struct WalkStep {
    float keep, noise;  // d; sigma sqrt(1 - d^2) in units, over the SD of the byte sum
};
WalkStep walk_step(const SpineSizeParams& p, double dt);

inline constexpr int kByteSumMean = 255;
inline constexpr double kByteSumSd = 104.51076499576490;  // sqrt(2 (256^2 - 1) / 12)

// One synapse: the new fixed-point size from the old one and the low 16 of `bits`.
__attribute__((always_inline)) inline int walked_size(const WalkStep& step, int size, u32 bits) {
    const int sum = static_cast<int>((bits & 0xffU) + ((bits >> 8) & 0xffU)) - kByteSumMean;
    const int moved = static_cast<int>(static_cast<float>(size - 32768) * step.keep +
                                       static_cast<float>(sum) * step.noise + 32768.5F);
    return moved < 0 ? 0 : moved > 65535 ? 65535 : moved;
}

}  // namespace respine
