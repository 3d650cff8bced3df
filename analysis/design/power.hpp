// Power of a trial: in how many of so many trials, each with m persons an arm, one arm differs from another.
//
// Persons are drawn from simulated cohorts with replacement, each arm its own, as a trial with two groups
// recruits them. Two-sided at 5 %: outcomes that are 0 or 1 by the pooled z test of two proportions, all
// others by Welch's t test.
// Sources: Chow et al., Sample Size Calculations in Clinical Research; Welch 1947, 10.1093/biomet/34.1-2.28.
#pragma once

#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

struct Power {
    double value = 0.0, standard_error = 0.0;
};

// Whether two samples differ. Without any scatter they differ where their means do.
bool differ(const std::vector<double>& a, const std::vector<double>& b);

// Values that are not finite count as no persons. Throws Error(kInput) for fewer than two persons in an arm.
Power power_of_trial(std::vector<double> a, std::vector<double> b, u32 persons, u32 trials, u64 seed);

}  // namespace respine
