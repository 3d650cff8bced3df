// Whether the kernels of a problem do what bench/PROBLEM.md asks, against plain sums and laws written apart
// from them. Statistical checks are chi-square tests of fixed draws, so a verdict never changes by chance.
#pragma once

#include <string>
#include <vector>

#include "analysis/bench/problem.hpp"

namespace respine {

struct Check {
    std::string name;   // what was compared
    double value;       // largest relative error, or the p of a test
    double limit;       // at most this error, or at least this p
    bool is_error;      // else a p
    std::string about;  // of what: counts, degrees of freedom
    bool passed() const { return is_error ? value <= limit : value >= limit; }
};

// Changes the problem. Looks at no more than `most` rows where one by one they take long.
std::vector<Check> verify(Problem& problem, size_t most = 20'000);

// p of a sum of (observed - expected)^2 / variance.
double chi_square_p(double sum, double degrees);

}  // namespace respine
