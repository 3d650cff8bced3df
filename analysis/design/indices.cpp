#include "analysis/design/indices.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <nlopt.hpp>
#include <numeric>

#include "analysis/read/series.hpp"
#include "analysis/validate/targets.hpp"
#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

// n places out of n with replacement; resample 0 is the sample itself.
std::vector<size_t> resampled(size_t n, u64 seed, u32 number) {
    std::vector<size_t> places(n);
    for (size_t k = 0; k < n; ++k)
        places[k] = number == 0 ? k
                                : below(philox(seed, Stream::kDesign, number, static_cast<u32>(k), 3)[0],
                                        static_cast<u32>(n));
    return places;
}

Interval interval_of(double value, std::vector<double> drawn) {
    std::erase_if(drawn, [](double v) { return !std::isfinite(v); });
    if (drawn.empty()) return {value, kNaN, kNaN};
    std::sort(drawn.begin(), drawn.end());
    const auto at = [&](double q) {
        return drawn[static_cast<size_t>(q * static_cast<double>(drawn.size() - 1) + 0.5)];
    };
    return {value, at(0.025), at(0.975)};
}

// Statistics of a resample, one value a parameter; the interval of each.
using Statistic = std::function<std::vector<double>(const std::vector<size_t>& places)>;

std::vector<Interval> bootstrap(size_t sample, u64 seed, u32 resamples, const Statistic& statistic) {
    const std::vector<double> value = statistic(resampled(sample, seed, 0));
    std::vector<std::vector<double>> drawn(value.size());
    for (u32 r = 1; r <= resamples; ++r) {
        const std::vector<double> again = statistic(resampled(sample, seed, r));
        for (size_t k = 0; k < value.size(); ++k) drawn[k].push_back(again[k]);
    }
    std::vector<Interval> out;
    for (size_t k = 0; k < value.size(); ++k) out.push_back(interval_of(value[k], drawn[k]));
    return out;
}

bool all_finite(const double* first, size_t count) {
    return std::all_of(first, first + count, [](double v) { return std::isfinite(v); });
}

double variance(const std::vector<double>& values) {
    const double mean = mean_of(values);
    double sum = 0.0;
    for (double v : values) sum += (v - mean) * (v - mean);
    return values.size() > 1 ? sum / static_cast<double>(values.size() - 1) : 0.0;
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

double Hill::at(double x) const {
    if (x <= 0.0) return e0;
    const double r = std::pow(x / ec50, n);
    return e0 + (emax - e0) * r / (1.0 + r);
}

namespace {

struct Sample {
    std::vector<double> x, y, log_x;
    mutable std::vector<double> risen{};  // of each point, between 0 and 1; room for the search
};

double squares(const Hill& h, const Sample& s) {
    double sum = 0.0;
    for (size_t k = 0; k < s.x.size(); ++k) sum += (s.y[k] - h.at(s.x[k])) * (s.y[k] - h.at(s.x[k]));
    return sum;
}

struct LinearPart {
    Hill curve;
    double squares;  // of what the curve leaves
};

// For a given ec50 and n the curve is linear in e0 and emax: only two numbers are searched.
LinearPart linear_part(double log_ec50, double n, const Sample& s) {
    const size_t points = s.x.size();
    const double count = static_cast<double>(points);
    s.risen.resize(points);
    for (size_t k = 0; k < points; ++k) {
        const double falls = det_exp(n * (log_ec50 - s.log_x[k]));
        s.risen[k] = 1.0 / (1.0 + falls);
    }
    double sh = 0.0, shh = 0.0, sy = 0.0, shy = 0.0;
    for (size_t k = 0; k < points; ++k) {
        const double r = s.risen[k];
        sh += r;
        shh += r * r;
        sy += s.y[k];
        shy += r * s.y[k];
    }
    const double det = count * shh - sh * sh;
    const double slope = std::fabs(det) > 1e-12 * count * shh ? (count * shy - sh * sy) / det : 0.0;
    const double e0 = (sy - slope * sh) / count;
    double left = 0.0;
    for (size_t k = 0; k < points; ++k) {
        const double miss = s.y[k] - e0 - slope * s.risen[k];
        left += miss * miss;
    }
    return {{e0, e0 + slope, std::exp(log_ec50), n}, left};
}

Hill best_hill(const Sample& s, const Hill* start) {
    constexpr double kClose = 1e-6, kCloseForAnInterval = 1e-4;
    const auto [low, high] = std::minmax_element(s.x.begin(), s.x.end());
    nlopt::opt search(nlopt::LN_SBPLX, 2);
    const std::vector<double> least_of = {std::log(*low / 10.0), std::log(0.2)},
                              most_of = {std::log(*high * 10.0), std::log(12.0)};
    search.set_lower_bounds(least_of);
    search.set_upper_bounds(most_of);
    search.set_xtol_rel(start ? kCloseForAnInterval : kClose);
    search.set_maxeval(400);
    const auto loss = [](const std::vector<double>& p, std::vector<double>&, void* data) {
        const Sample& of = *static_cast<const Sample*>(data);
        return linear_part(p[0], std::exp(p[1]), of).squares;
    };
    search.set_min_objective(loss, const_cast<Sample*>(&s));
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    std::vector<std::vector<double>> starts;
    if (start)
        starts.push_back({std::log(start->ec50), std::log(start->n)});
    else
        for (double share : {0.2, 0.5, 0.8})
            for (double n : {1.0, 3.0})
                starts.push_back({std::log(*low) + share * std::log(*high / *low), std::log(n)});
    for (std::vector<double> at : starts) {
        double reached = 0.0;
        for (size_t k = 0; k < 2; ++k) at[k] = std::clamp(at[k], least_of[k], most_of[k]);
        search.optimize(at, reached);
        if (reached < least) {
            least = reached;
            best = at;
        }
    }
    return linear_part(best[0], std::exp(best[1]), s).curve;
}

Sample usable(const std::vector<double>& dose, const std::vector<double>& response) {
    Sample s;
    for (size_t k = 0; k < dose.size(); ++k)
        if (dose[k] > 0.0 && std::isfinite(response[k])) {
            s.x.push_back(dose[k]);
            s.y.push_back(response[k]);
            s.log_x.push_back(std::log(dose[k]));
        }
    if (s.x.size() < 5 ||
        *std::max_element(s.x.begin(), s.x.end()) <= *std::min_element(s.x.begin(), s.x.end()))
        fail(Exit::kInput,
             "a dose-response curve wants five points with positive doses that differ; there are {}",
             s.x.size());
    return s;
}

}  // namespace

HillFit fit_hill(const std::vector<double>& dose, const std::vector<double>& response, u64 seed,
                 u32 resamples) {
    const Sample s = usable(dose, response);
    HillFit fit;
    fit.curve = best_hill(s, nullptr);
    fit.rises = fit.curve.emax >= fit.curve.e0;
    const double all = variance(s.y) * static_cast<double>(s.y.size() - 1);
    fit.r2 = all > 0.0 ? 1.0 - squares(fit.curve, s) / all : 0.0;
    const auto [low, high] = std::minmax_element(s.x.begin(), s.x.end());
    for (int k = 0; k <= 50; ++k) fit.x.push_back(*low * std::pow(*high / *low, k / 50.0));
    // The doses were chosen, so they stay: residuals are drawn, not points. A draw without the low doses
    // would leave the curve free there.
    const double count = static_cast<double>(s.x.size()),
                 inflation = std::sqrt(count / (count - 4.0));  // four numbers were fitted
    const auto all_of_it = bootstrap(s.x.size(), seed, resamples, [&](const std::vector<size_t>& places) {
        Sample again = s;
        for (size_t k = 0; k < places.size(); ++k) {
            const size_t p = places[k];
            again.y[k] = fit.curve.at(s.x[k]) + inflation * (s.y[p] - fit.curve.at(s.x[p]));
        }
        const Hill h = best_hill(again, &fit.curve);
        std::vector<double> out;
        for (double x : fit.x) out.push_back(h.at(x));
        out.push_back(h.ec50);
        out.push_back(h.n);
        return out;
    });
    for (size_t k = 0; k < fit.x.size(); ++k) {
        fit.middle.push_back(fit.curve.at(fit.x[k]));
        fit.low.push_back(all_of_it[k].low);
        fit.high.push_back(all_of_it[k].high);
    }
    fit.ec50 = {fit.curve.ec50, all_of_it[fit.x.size()].low, all_of_it[fit.x.size()].high};
    fit.n = {fit.curve.n, all_of_it[fit.x.size() + 1].low, all_of_it[fit.x.size() + 1].high};
    return fit;
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
