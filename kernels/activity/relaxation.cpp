#include "kernels/activity/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/ordered_sum.hpp"

namespace respine {

namespace {

// Solves the m x m normal equations by Gaussian elimination with pivoting; a singular direction gets weight
// zero.
std::array<double, kAndersonDepth> solve_normal(
    std::array<std::array<double, kAndersonDepth + 1>, kAndersonDepth> a, size_t m) {
    std::array<double, kAndersonDepth> x{};
    std::array<bool, kAndersonDepth> usable{};
    double scale = 0.0;
    for (size_t i = 0; i < m; ++i) scale = std::max(scale, std::fabs(a[i][i]));
    for (size_t c = 0; c < m; ++c) {
        size_t pivot = c;
        for (size_t r = c + 1; r < m; ++r)
            if (std::fabs(a[r][c]) > std::fabs(a[pivot][c])) pivot = r;
        std::swap(a[c], a[pivot]);
        usable[c] = std::fabs(a[c][c]) > 1e-10 * scale;
        if (!usable[c]) continue;
        for (size_t r = c + 1; r < m; ++r) {
            const double f = a[r][c] / a[c][c];
            for (size_t k = c; k <= kAndersonDepth; ++k) a[r][k] -= f * a[c][k];
        }
    }
    for (size_t c = m; c-- > 0;) {
        if (!usable[c]) continue;
        double v = a[c][kAndersonDepth];
        for (size_t k = c + 1; k < m; ++k) v -= a[c][k] * x[k];
        x[c] = v / a[c][c];
    }
    return x;
}

}  // namespace

double relative_residual(const NeuronShare& share, std::span<const float> settled,
                         std::span<const float> rate) {
    const float *r = rate.data(), *s = settled.data();
    const SumTerms terms[] = {{r, r, 0, rate.size()}, {s, s, 0, rate.size()}, {s, r, 0, rate.size()}};
    const std::vector<double> sums = share.sums(terms);
    const double rr = sums[0], ss = sums[1], rs = sums[2];
    return std::sqrt(std::max(0.0, rr + ss - 2.0 * rs) / std::max(rr, 1e-300));
}

namespace {

// Solves a x = y by elimination with pivoting; y becomes x. False when a is singular.
bool solve(std::vector<double>& a, std::vector<double>& y) {
    const size_t n = y.size();
    for (size_t c = 0; c < n; ++c) {
        size_t pivot = c;
        for (size_t r = c + 1; r < n; ++r)
            if (std::fabs(a[r * n + c]) > std::fabs(a[pivot * n + c])) pivot = r;
        if (std::fabs(a[pivot * n + c]) < 1e-12) return false;
        for (size_t k = 0; k < n; ++k) std::swap(a[c * n + k], a[pivot * n + k]);
        std::swap(y[c], y[pivot]);
        for (size_t r = c + 1; r < n; ++r) {
            const double f = a[r * n + c] / a[c * n + c];
            for (size_t k = c; k < n; ++k) a[r * n + k] -= f * a[c * n + k];
            y[r] -= f * y[c];
        }
    }
    for (size_t c = n; c-- > 0;) {
        for (size_t k = c + 1; k < n; ++k) y[c] -= a[c * n + k] * y[k];
        y[c] /= a[c * n + c];
    }
    return true;
}

}  // namespace

void correct_by_groups(const NeuronShare& share, std::span<const GroupRange> groups,
                       std::span<const double> coupling, std::span<const float> rate, std::span<float> slope,
                       std::span<float> settled) {
    const size_t n = groups.size();
    std::vector<SumTerms> terms;
    for (const GroupRange& g : groups) {
        const auto own = share.own_of({g.first, g.last});
        for_neurons(own.first, own.last,
                    [&](size_t i) { slope[i] = static_cast<float>(2.0 * std::sqrt(g.gain * settled[i])); });
        for (const std::span<const float> of :
             {std::span<const float>(slope), std::span<const float>(settled), rate})
            terms.push_back({of.data(), nullptr, g.first, g.last});
    }
    const std::vector<double> sums = share.sums(terms);
    std::vector<double> a(n * n), y(n);  // (I - D) y = <d>
    for (size_t g = 0; g < n; ++g) {
        const double size = static_cast<double>(groups[g].last - groups[g].first);
        const double mean_slope = sums[3 * g] / size;
        y[g] = (sums[3 * g + 1] - sums[3 * g + 2]) / size;
        for (size_t s = 0; s < n; ++s) a[g * n + s] = (g == s ? 1.0 : 0.0) - mean_slope * coupling[g * n + s];
    }
    if (!solve(a, y)) return;  // no correction is better than a wild one
    for (size_t g = 0; g < n; ++g) {
        double shift = 0.0;
        for (size_t s = 0; s < n; ++s) shift += coupling[g * n + s] * y[s];
        const auto own = share.own_of({groups[g].first, groups[g].last});
        for_neurons(own.first, own.last, [&](size_t i) {
            settled[i] = std::max(0.0F, static_cast<float>(settled[i] + slope[i] * shift));
        });
    }
}

void accelerate(const NeuronShare& share, AndersonSpace& space, std::span<const float> settled,
                double damping, std::span<float> rate) {
    const auto for_own = [own = share.own()](const auto& body) {
        for (const auto& range : own) for_neurons(range.first, range.last, body);
    };
    if (space.started) {  // rate_change[next] was filled with the last step when it was taken
        const std::span<float> change = space.residual_change[space.next];
        for_own([&](size_t i) { change[i] = (settled[i] - rate[i]) - space.residual[i]; });
        space.next = (space.next + 1) % kAndersonDepth;
        space.filled = std::min(space.filled + 1, kAndersonDepth);
    }
    for_own([&](size_t i) { space.residual[i] = settled[i] - rate[i]; });

    std::array<std::array<double, kAndersonDepth + 1>, kAndersonDepth> normal{};
    const size_t m = space.filled;
    std::vector<SumTerms> terms;
    for (size_t i = 0; i < m; ++i) {
        const float* const change = space.residual_change[i].data();
        for (size_t j = 0; j <= i; ++j)
            terms.push_back({change, space.residual_change[j].data(), 0, rate.size()});
        terms.push_back({change, space.residual.data(), 0, rate.size()});
    }
    const std::vector<double> sums = share.sums(terms);
    for (size_t i = 0, next = 0; i < m; ++i) {
        for (size_t j = 0; j <= i; ++j) normal[i][j] = normal[j][i] = sums[next++];
        normal[i][kAndersonDepth] = sums[next++];
    }
    const auto gamma = solve_normal(normal, m);

    const std::span<float> step =
        space.rate_change[space.next];  // the oldest difference: read before it is overwritten
    for_own([&](size_t i) {
        double move = damping * space.residual[i];
        for (size_t j = 0; j < m; ++j)
            move -= gamma[j] * (space.rate_change[j][i] + damping * space.residual_change[j][i]);
        const float moved = std::max(0.0F, static_cast<float>(rate[i] + move));
        step[i] = moved - rate[i];
        rate[i] = moved;
    });
    space.started = true;
}

}  // namespace respine
