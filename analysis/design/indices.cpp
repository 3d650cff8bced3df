#include "analysis/design/indices.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "analysis/design/bootstrap.hpp"
#include "analysis/read/series.hpp"
#include "analysis/validate/targets.hpp"

namespace respine {

namespace {

bool all_finite(const double* first, size_t count) {
    return std::all_of(first, first + count, [](double v) { return std::isfinite(v); });
}

}  // namespace

SobolIndices sobol_indices(size_t parameters, const std::vector<double>& values, u64 seed, u32 resamples) {
    const size_t length = parameters + 2;
    std::vector<const double*> blocks;
    SobolIndices out;
    for (size_t b = 0; b + length <= values.size(); b += length) {
        if (all_finite(&values[b], length))
            blocks.push_back(&values[b]);
        else
            ++out.dropped;
    }
    out.used = static_cast<u32>(blocks.size());
    const auto statistic = [&](const std::vector<size_t>& places) {
        double sum = 0.0, square = 0.0;
        for (size_t p : places)
            for (double f : {blocks[p][0], blocks[p][length - 1]}) {
                sum += f;
                square += f * f;
            }
        const double n = static_cast<double>(places.size()), mean = sum / (2.0 * n),
                     v = square / (2.0 * n) - mean * mean;
        std::vector<double> indices(2 * parameters, kNaN);
        if (!(v > 0.0)) return indices;
        for (size_t i = 0; i < parameters; ++i) {
            double first = 0.0, total = 0.0;
            for (size_t p : places) {
                const double a = blocks[p][0], b = blocks[p][length - 1], ab = blocks[p][1 + i];
                first += (b - mean) * (ab - a);  // centred: the same mean, less noise
                total += (a - ab) * (a - ab);
            }
            indices[i] = first / n / v;
            indices[parameters + i] = total / (2.0 * n) / v;
        }
        return indices;
    };
    const std::vector<Interval> all =
        bootstrap(blocks.size(), seed, blocks.empty() ? 0 : resamples, statistic);
    out.first.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(parameters));
    out.total.assign(all.begin() + static_cast<std::ptrdiff_t>(parameters), all.end());
    return out;
}

Convergence convergence_of(const SobolIndices& indices, double wanted) {
    Convergence c;
    for (size_t k = 0; k < indices.total.size(); ++k) {
        const double half = 0.5 * (indices.total[k].high - indices.total[k].low);
        if (half > c.half_width) c = {half, k, 0.0};
    }
    c.blocks = std::ceil(indices.used * (c.half_width / wanted) * (c.half_width / wanted));
    return c;
}

MorrisIndices morris_indices(const UnitDesign& design, const std::vector<double>& values, u64 seed,
                             u32 resamples) {
    const size_t parameters = design.rows.empty() ? 0 : design.rows[0].size(), length = parameters + 1;
    std::vector<std::vector<double>> effects;  // trajectories x parameters
    MorrisIndices out;
    for (size_t t = 0; t + length <= values.size(); t += length) {
        if (!all_finite(&values[t], length)) {
            ++out.dropped;
            continue;
        }
        std::vector<double> effect(parameters, kNaN);
        for (size_t r = t; r + 1 < t + length; ++r)
            for (size_t k = 0; k < parameters; ++k)
                if (const double step = design.rows[r + 1][k] - design.rows[r][k]; step != 0.0)
                    effect[k] = (values[r + 1] - values[r]) / step;
        effects.push_back(std::move(effect));
    }
    out.used = static_cast<u32>(effects.size());
    for (size_t k = 0; k < parameters; ++k) {
        std::vector<double> own;
        for (const auto& e : effects) own.push_back(e[k]);
        out.mu.push_back(mean_of(own));
        out.sigma.push_back(std::sqrt(variance(own)));
    }
    out.mu_star = bootstrap(
        effects.size(), seed, effects.empty() ? 0 : resamples, [&](const std::vector<size_t>& places) {
            std::vector<double> mean(parameters, 0.0);
            for (size_t p : places)
                for (size_t k = 0; k < parameters; ++k)
                    mean[k] += std::fabs(effects[p][k]) / static_cast<double>(places.size());
            return mean;
        });
    return out;
}

Noise separate_noise(const std::vector<std::vector<double>>& groups) {
    Noise noise;
    std::vector<double> means;
    double within = 0.0, freedom = 0.0, share = 0.0;
    for (std::vector<double> g : groups) {
        std::erase_if(g, [](double v) { return !std::isfinite(v); });
        if (g.empty()) continue;
        means.push_back(mean_of(g));
        share += 1.0 / static_cast<double>(g.size());
        if (g.size() < 2) continue;
        ++noise.points;
        within += variance(g) * static_cast<double>(g.size() - 1);
        freedom += static_cast<double>(g.size() - 1);
    }
    const double seed_variance = freedom > 0.0 ? within / freedom : kNaN;
    noise.seed_sd = std::sqrt(seed_variance);
    // what the means vary more than seeds alone would make them
    const double of_means = variance(means);
    noise.parameter_sd =
        std::isfinite(seed_variance)
            ? std::sqrt(std::max(0.0, of_means - seed_variance * share / static_cast<double>(means.size())))
            : std::sqrt(of_means);
    return noise;
}

}  // namespace respine
