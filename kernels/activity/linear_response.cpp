#include "kernels/activity/linear_response.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr int kMostRestarts = 25;

// out = v - J v
void apply_response(const LinearRows& j, std::span<const double> v, std::span<double> out) {
    for (size_t i = 0; i < j.rows(); ++i) {
        std::array<double, 4> part{};
        u64 k = j.begin[i];
        const u64 end = j.begin[i + 1];
        for (; k + 4 <= end; k += 4)
            for (size_t l = 0; l < 4; ++l)
                part[l] += static_cast<double>(j.weight[k + l]) * v[j.source[k + l]];
        for (; k < end; ++k) part[0] += static_cast<double>(j.weight[k]) * v[j.source[k]];
        out[i] = v[i] - ((part[0] + part[1]) + (part[2] + part[3]));
    }
}

void add_scaled(double factor, std::span<const double> v, std::span<double> to) {
    for (size_t i = 0; i < to.size(); ++i) to[i] += factor * v[i];
}

void scale_to(double factor, std::span<const double> v, std::span<double> to) {
    for (size_t i = 0; i < to.size(); ++i) to[i] = factor * v[i];
}

// The least-squares problem of GMRES, kept triangular by Givens rotations.
struct LeastSquares {
    std::array<std::array<double, kKrylovDepth + 1>, kKrylovDepth> column{};
    std::array<double, kKrylovDepth> cosine{}, sine{};
    std::array<double, kKrylovDepth + 1> right{};

    // Takes column n, whose entries 0 to n + 1 are filled in; returns what is left of the residual.
    double take(size_t n) {
        auto& h = column[n];
        for (size_t k = 0; k < n; ++k) {
            const double upper = cosine[k] * h[k] + sine[k] * h[k + 1];
            h[k + 1] = cosine[k] * h[k + 1] - sine[k] * h[k];
            h[k] = upper;
        }
        const double length = std::sqrt(h[n] * h[n] + h[n + 1] * h[n + 1]);
        cosine[n] = length > 0.0 ? h[n] / length : 1.0;
        sine[n] = length > 0.0 ? h[n + 1] / length : 0.0;
        h[n] = length;
        right[n + 1] = -sine[n] * right[n];
        right[n] *= cosine[n];
        return std::fabs(right[n + 1]);
    }

    std::array<double, kKrylovDepth> solve(size_t columns) const {
        std::array<double, kKrylovDepth> y{};
        for (size_t k = columns; k-- > 0;) {
            double rest = right[k];
            for (size_t l = k + 1; l < columns; ++l) rest -= column[l][k] * y[l];
            y[k] = column[k][k] != 0.0 ? rest / column[k][k] : 0.0;
        }
        return y;
    }
};

// One cycle from the residual in `space`, of length `length`; adds its step to y.
void krylov_cycle(const LinearRows& j, double length, double wanted, const KrylovSpace& space,
                  std::span<double> y) {
    const size_t n = y.size();
    const auto vector = [&](size_t k) { return space.basis.subspan(k * n, n); };
    LeastSquares problem;
    problem.right[0] = length;
    scale_to(1.0 / length, space.residual, vector(0));
    size_t columns = 0;
    for (double left = length; columns < kKrylovDepth && left > wanted;) {
        auto& h = problem.column[columns];
        const std::span<double> next = vector(columns + 1);
        apply_response(j, vector(columns), next);
        for (size_t k = 0; k <= columns; ++k) {
            h[k] = dot(next, vector(k));
            add_scaled(-h[k], vector(k), next);
        }
        h[columns + 1] = std::sqrt(dot(next, next));
        const bool done = h[columns + 1] == 0.0;
        if (!done) scale_to(1.0 / h[columns + 1], next, next);
        left = problem.take(columns);
        ++columns;
        if (done) break;
    }
    const auto step = problem.solve(columns);
    for (size_t k = 0; k < columns; ++k) add_scaled(step[k], vector(k), y);
}

}  // namespace

void transpose_rows(const LinearRows& matrix, std::span<u64> begin, std::span<u32> source,
                    std::span<float> weight) {
    std::fill(begin.begin(), begin.end(), u64{0});
    for (const u32 s : matrix.source) ++begin[s + 1];
    for (size_t c = 1; c < begin.size(); ++c) begin[c] += begin[c - 1];
    for (size_t i = 0; i < matrix.rows(); ++i)
        for (u64 k = matrix.begin[i]; k < matrix.begin[i + 1]; ++k) {
            const u64 at = begin[matrix.source[k]]++;
            source[at] = static_cast<u32>(i);
            weight[at] = matrix.weight[k];
        }
    for (size_t c = begin.size() - 1; c > 0; --c) begin[c] = begin[c - 1];
    begin[0] = 0;
}

double rate_slope(double gain, double rate) { return 2.0 * std::sqrt(gain * rate); }

double solve_response(const LinearRows& j, std::span<const double> right, double tolerance,
                      const KrylovSpace& space, std::span<double> y) {
    std::fill(y.begin(), y.end(), 0.0);
    const double whole = std::sqrt(dot(right, right));
    if (whole == 0.0) return 0.0;
    std::copy(right.begin(), right.end(), space.residual.begin());
    double length = whole;
    for (int restart = 0; restart < kMostRestarts && length > tolerance * whole; ++restart) {
        krylov_cycle(j, length, 0.5 * tolerance * whole, space, y);
        apply_response(j, y, space.residual);
        for (size_t i = 0; i < y.size(); ++i) space.residual[i] = right[i] - space.residual[i];
        length = std::sqrt(dot(space.residual, space.residual));
    }
    return length / whole;
}

double noise_behind(const NoisyNetwork& net, std::span<const double> z, double tolerance,
                    const KrylovSpace& space, std::span<double> behind) {
    const double left = solve_response(net.transposed, z, tolerance, space, behind);
    for (size_t i = 0; i < behind.size(); ++i) behind[i] *= net.noise[i];
    return left;
}

double covariance_times(const NoisyNetwork& net, std::span<const double> z, double tolerance,
                        const KrylovSpace& space, std::span<double> behind, std::span<double> product) {
    const double first = noise_behind(net, z, tolerance, space, behind);
    for (size_t i = 0; i < behind.size(); ++i) behind[i] *= net.noise[i];
    const double second = solve_response(net.j, behind, tolerance, space, product);
    for (size_t i = 0; i < behind.size(); ++i)
        behind[i] = net.noise[i] > 0.0 ? behind[i] / net.noise[i] : 0.0;
    return std::max(first, second);
}

void draw_signs(u64 seed, u32 probe, size_t first, size_t last, std::span<double> z) {
    for (size_t i = first; i < last; ++i)
        z[i] = (philox(seed, Stream::kCoordination, static_cast<u32>(i), probe, 0)[0] & 1U) != 0 ? 1.0 : -1.0;
}

double dot(std::span<const double> a, std::span<const double> b) {
    std::array<double, 8> part{};
    size_t i = 0;
    for (; i + 8 <= a.size(); i += 8)
        for (size_t l = 0; l < 8; ++l) part[l] += a[i + l] * b[i + l];
    for (; i < a.size(); ++i) part[0] += a[i] * b[i];
    return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

}  // namespace respine
