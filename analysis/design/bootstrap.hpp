// Statistics of samples, and their intervals by resampling.
#pragma once

#include <functional>
#include <vector>

#include "analysis/design/indices.hpp"

namespace respine {

// Statistics of a resample, given as the places that were drawn: one value a parameter.
using Statistic = std::function<std::vector<double>(const std::vector<size_t>& places)>;

// Of each: its value in the sample itself, and the central 95 % over resamples.
std::vector<Interval> bootstrap(size_t sample, u64 seed, u32 resamples, const Statistic& statistic);

double variance(const std::vector<double>& values);  // of a sample

}  // namespace respine
