// The linear response by a whole matrix: I - J is inverted, and C = B B^T is there with all its entries.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "kernels/activity/linear_response.hpp"

namespace respine::reference {

using Matrix = std::vector<std::vector<double>>;

inline Matrix dense(const LinearRows& rows) {
    Matrix m(rows.rows(), std::vector<double>(rows.rows(), 0.0));
    for (size_t i = 0; i < rows.rows(); ++i)
        for (u64 k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
            m[i][rows.source[k]] += static_cast<double>(rows.weight[k]);
    return m;
}

// (I - J)^-1 by Gauss and Jordan with pivots.
inline Matrix response(const Matrix& j) {
    const size_t n = j.size();
    Matrix a = j, inverse(n, std::vector<double>(n, 0.0));
    for (size_t i = 0; i < n; ++i) {
        for (double& v : a[i]) v = -v;
        a[i][i] += 1.0;
        inverse[i][i] = 1.0;
    }
    for (size_t c = 0; c < n; ++c) {
        size_t pivot = c;
        for (size_t i = c; i < n; ++i)
            if (std::fabs(a[i][c]) > std::fabs(a[pivot][c])) pivot = i;
        std::swap(a[c], a[pivot]);
        std::swap(inverse[c], inverse[pivot]);
        const double scale = 1.0 / a[c][c];
        for (auto* m : {&a, &inverse})
            for (double& v : (*m)[c]) v *= scale;
        for (size_t i = 0; i < n; ++i) {
            const double factor = a[i][c];
            if (i == c || factor == 0.0) continue;
            for (size_t k = 0; k < n; ++k) {
                a[i][k] -= factor * a[c][k];
                inverse[i][k] -= factor * inverse[c][k];
            }
        }
    }
    return inverse;
}

// C of private noise g sqrt(N) on each neuron.
inline Matrix covariance(const Matrix& j, std::span<const double> noise) {
    const Matrix b = response(j);
    const size_t n = b.size();
    Matrix c(n, std::vector<double>(n, 0.0));
    for (size_t i = 0; i < n; ++i)
        for (size_t k = 0; k <= i; ++k) {
            double sum = 0.0;
            for (size_t l = 0; l < n; ++l) sum += b[i][l] * b[k][l] * noise[l] * noise[l];
            c[i][k] = c[k][i] = sum;
        }
    return c;
}

// Mean variance, mean pair correlation (mean covariance over mean variance) and participation ratio of the
// neurons [0, cells).
struct Coordination {
    double variance = 0.0, correlation = 0.0, dimensionality = 0.0;
};
inline Coordination coordination(const Matrix& c, size_t cells) {
    double trace = 0.0, sum = 0.0, square = 0.0;
    for (size_t i = 0; i < cells; ++i) {
        trace += c[i][i];
        for (size_t k = 0; k < cells; ++k) sum += c[i][k], square += c[i][k] * c[i][k];
    }
    const double n = static_cast<double>(cells);
    return {trace / n, (sum - trace) / (n - 1.0) / trace, trace * trace / square};
}

}  // namespace respine::reference
