// Sums whose order does not depend on the number of threads: fixed blocks, sixteen sums side by side in each,
// then the block sums in order. A floating-point `reduction(+)` would give other bits for every thread count.
#pragma once

#include <span>

#include "kernels/numerics/types.hpp"

namespace respine {

struct Moments {
    double mean = 0.0, sd = 0.0;
};

// Sum of the values, in double.
double ordered_sum(std::span<const float> values);

// Sum of a[i] * b[i], in double.
double ordered_dot(std::span<const float> a, std::span<const float> b);

// Mean and population standard deviation; zeros for an empty span.
Moments ordered_moments(std::span<const float> values);

}  // namespace respine
