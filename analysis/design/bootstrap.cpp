#include "analysis/design/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/series.hpp"
#include "analysis/validate/targets.hpp"
#include "kernels/numerics/random.hpp"

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

}  // namespace

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

double variance(const std::vector<double>& values) {
    const double mean = mean_of(values);
    double sum = 0.0;
    for (double v : values) sum += (v - mean) * (v - mean);
    return values.size() > 1 ? sum / static_cast<double>(values.size() - 1) : 0.0;
}

}  // namespace respine
