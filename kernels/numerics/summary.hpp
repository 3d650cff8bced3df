// What is told of many values: mean, standard deviation, and quantiles of a sample of them.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr double kQuantiles[] = {0.05, 0.25, 0.5, 0.75, 0.95};
inline constexpr size_t kQuantileSample = 1000;  // values, evenly strided

struct Summary {
    double mean, sd;
    std::vector<float> quantiles;
};
Summary summarise(std::span<const float> values);

// The sample is every so many of n values, from the first on; and how many these are.
inline size_t sample_stride(size_t n) { return std::max<size_t>(1, n / kQuantileSample); }
inline size_t sample_size(size_t n) { return (n + sample_stride(n) - 1) / sample_stride(n); }

// Values at kQuantiles; zeros of an empty sample.
std::vector<float> quantiles_of(std::vector<float> sample);

}  // namespace respine
