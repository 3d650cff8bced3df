#include "kernels/ordered_sum.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace respine {

namespace {

template <class Term>
double sum_blocks(size_t n, Term term) {
    const size_t blocks = block_count(n);
    std::vector<double> partial(blocks, 0.0);
#pragma omp parallel for schedule(static) if (parallel : worth_threads(n))
    for (size_t b = 0; b < blocks; ++b) {
        const size_t end = std::min(n, (b + 1) * kBlock);
        double s = 0.0;
        for (size_t i = b * kBlock; i < end; ++i) s += term(i);
        partial[b] = s;
    }
    double total = 0.0;
    for (double s : partial) total += s;
    return total;
}

}  // namespace

double ordered_sum(std::span<const float> values) {
    return sum_blocks(values.size(), [&](size_t i) { return static_cast<double>(values[i]); });
}

double ordered_dot(std::span<const float> a, std::span<const float> b) {
    return sum_blocks(a.size(), [&](size_t i) { return static_cast<double>(a[i]) * static_cast<double>(b[i]); });
}

Moments ordered_moments(std::span<const float> values) {
    if (values.empty()) return {};
    const double n = static_cast<double>(values.size());
    const double mean = ordered_sum(values) / n;
    const double square = sum_blocks(values.size(), [&](size_t i) {
        const double d = values[i] - mean;
        return d * d;
    });
    return {mean, std::sqrt(square / n)};
}

}  // namespace respine
