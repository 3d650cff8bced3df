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

// The ratio of two arms, and whether they are equivalent as bioequivalence is judged: the 90 % interval of
// the ratio of geometric means lies within [0.8, 1.25] (two one-sided tests at 5 %). Persons are in both
// arms, as in a crossover without period or carry-over, so the interval is that of the mean of their log
// ratios. Source: Schuirmann 1987, 10.1007/BF01068419.
struct Equivalence {
    double ratio = 0.0, low = 0.0, high = 0.0;
    double within_sd = 0.0;  // of a person's log ratio, over the root of 2
    u32 persons = 0;         // with a value above 0 in both
    bool holds(double least = 0.8, double most = 1.25) const { return low >= least && high <= most; }
};
// By person, in the same order. Throws Error(kInput) for fewer than two persons with both values above 0.
Equivalence equivalence_of(const std::vector<double>& test, const std::vector<double>& reference);

}  // namespace respine
