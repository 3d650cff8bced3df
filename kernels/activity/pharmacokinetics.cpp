#include "kernels/activity/pharmacokinetics.hpp"

#include <algorithm>
#include <cmath>

namespace respine {

namespace {

void multiply(std::span<const double> a, std::span<const double> b, size_t n, std::span<double> out) {
    for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) out[i * n + j] = 0.0;
        for (size_t k = 0; k < n; ++k) {
            const double aik = a[i * n + k];
            if (aik == 0.0) continue;
            for (size_t j = 0; j < n; ++j) out[i * n + j] += aik * b[k * n + j];
        }
    }
}

double row_norm(std::span<const double> a, size_t n) {
    double norm = 0.0;
    for (size_t i = 0; i < n; ++i) {
        double row = 0.0;
        for (size_t j = 0; j < n; ++j) row += std::fabs(a[i * n + j]);
        norm = std::max(norm, row);
    }
    return norm;
}

}  // namespace

void transition_matrix(std::span<const double> rate, size_t n, double dt, std::span<double> transition,
                       std::span<double> scratch) {
    constexpr int kOrder = 18;
    const std::span<double> scaled = scratch.first(n * n), product = scratch.subspan(n * n, n * n);
    double scale = dt;
    int squarings = 0;
    for (double norm = row_norm(rate, n) * dt; norm > 0.5; norm *= 0.5) {
        scale *= 0.5;
        ++squarings;
    }
    for (size_t i = 0; i < n * n; ++i) scaled[i] = rate[i] * scale;

    const auto set_identity = [n](std::span<double> m) {
        std::fill(m.begin(), m.end(), 0.0);
        for (size_t i = 0; i < n; ++i) m[i * n + i] = 1.0;
    };
    set_identity(transition);  // Horner: I + A (I + A/2 (I + A/3 ...))
    for (int order = kOrder; order >= 1; --order) {
        multiply(scaled, transition, n, product);
        for (size_t i = 0; i < n * n; ++i) transition[i] = product[i] / order;
        for (size_t i = 0; i < n; ++i) transition[i * n + i] += 1.0;
    }
    for (int s = 0; s < squarings; ++s) {
        multiply(transition, transition, n, product);
        std::copy(product.begin(), product.end(), transition.begin());
    }
}

void advance_amounts(std::span<const double> transition, std::span<double> amounts,
                     std::span<double> scratch) {
    const size_t n = amounts.size();
    for (size_t i = 0; i < n; ++i) {
        double x = 0.0;
        for (size_t j = 0; j < n; ++j) x += transition[i * n + j] * amounts[j];
        scratch[i] = x;
    }
    std::copy_n(scratch.begin(), n, amounts.begin());
}

}  // namespace respine
