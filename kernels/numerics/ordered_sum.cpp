#include "kernels/numerics/ordered_sum.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace respine {

namespace {

constexpr size_t kSums = 16;  // side by side: one after the other, each addition would wait for the last

template <class Term>
double sum_block(size_t first, size_t last, Term term) {
    double sum[kSums] = {};
    size_t i = first;
    for (; i + kSums <= last; i += kSums)
        for (size_t l = 0; l < kSums; ++l) sum[l] += term(i + l);
    for (; i < last; ++i) sum[i % kSums] += term(i);
    for (size_t width = kSums / 2; width > 0; width /= 2)
        for (size_t l = 0; l < width; ++l) sum[l] += sum[l + width];
    return sum[0];
}

template <class Term>
double sum_blocks(size_t n, Term term) {
    const size_t blocks = block_count(n);
    std::vector<double> partial(blocks, 0.0);
#pragma omp parallel for schedule( \
    static) if (worth_threads(n / 8))  // an addition takes an eighth of what other loops do for a neuron
    for (size_t b = 0; b < blocks; ++b)
        partial[b] = sum_block(b * kBlock, std::min(n, (b + 1) * kBlock), term);
    double total = 0.0;
    for (double s : partial) total += s;
    return total;
}

}  // namespace

double ordered_sum(std::span<const float> values) {
    return sum_blocks(values.size(), [&](size_t i) { return static_cast<double>(values[i]); });
}

double ordered_dot(std::span<const float> a, std::span<const float> b) {
    return sum_blocks(a.size(),
                      [&](size_t i) { return static_cast<double>(a[i]) * static_cast<double>(b[i]); });
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
