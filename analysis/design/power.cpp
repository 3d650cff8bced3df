#include "analysis/design/power.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "analysis/design/bootstrap.hpp"
#include "analysis/validate/targets.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr double kLevel = 0.05, kNormal = 1.959963984540054;  // two-sided

bool is_truth(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return v == 0.0 || v == 1.0; });
}

std::vector<double> drawn(const std::vector<double>& from, u32 persons, u64 seed, u32 trial, u32 arm) {
    std::vector<double> out;
    for (u32 k = 0; k < persons; ++k) {
        const Draw bits = philox(seed, Stream::kDesign, trial, k, 7 + arm);
        out.push_back(from[below(bits[0], static_cast<u32>(from.size()))]);
    }
    return out;
}

}  // namespace

bool differ(const std::vector<double>& a, const std::vector<double>& b) {
    const double na = static_cast<double>(a.size()), nb = static_cast<double>(b.size());
    const double ma = mean_of(a), mb = mean_of(b);
    if (is_truth(a) && is_truth(b)) {
        const double p = (ma * na + mb * nb) / (na + nb),
                     variance_of_both = p * (1.0 - p) * (1.0 / na + 1.0 / nb);
        return variance_of_both > 0.0 && std::fabs(ma - mb) > kNormal * std::sqrt(variance_of_both);
    }
    const double ea = variance(a) / na, eb = variance(b) / nb, error = ea + eb;
    if (error <= 0.0) return ma != mb;
    const double freedom = error * error / (ea * ea / (na - 1.0) + eb * eb / (nb - 1.0));
    const boost::math::students_t law(freedom);
    return std::fabs(ma - mb) > std::sqrt(error) * boost::math::quantile(law, 1.0 - kLevel / 2.0);
}

Power power_of_trial(std::vector<double> a, std::vector<double> b, u32 persons, u32 trials, u64 seed) {
    for (auto* arm : {&a, &b}) {
        std::erase_if(*arm, [](double v) { return !std::isfinite(v); });
        if (arm->size() < 2)
            fail(Exit::kInput, "an arm has {} persons with a value; a trial wants two", arm->size());
    }
    u32 found = 0;
    for (u32 t = 0; t < trials; ++t)
        found += differ(drawn(a, persons, seed, t, 0), drawn(b, persons, seed, t, 1)) ? 1 : 0;
    const double value = static_cast<double>(found) / trials;
    return {value, std::sqrt(value * (1.0 - value) / trials)};
}

Equivalence equivalence_of(const std::vector<double>& test, const std::vector<double>& reference) {
    std::vector<double> ratios;
    for (size_t k = 0; k < std::min(test.size(), reference.size()); ++k)
        if (test[k] > 0.0 && reference[k] > 0.0 && std::isfinite(test[k]) && std::isfinite(reference[k]))
            ratios.push_back(std::log(test[k] / reference[k]));
    if (ratios.size() < 2)
        fail(Exit::kInput, "{} persons have a value above 0 in both arms; two are needed", ratios.size());
    const double n = static_cast<double>(ratios.size()), mean = mean_of(ratios),
                 sd = std::sqrt(variance(ratios)),
                 half = boost::math::quantile(boost::math::students_t(n - 1.0), 0.95) * sd / std::sqrt(n);
    return {std::exp(mean), std::exp(mean - half), std::exp(mean + half), sd / std::sqrt(2.0),
            static_cast<u32>(ratios.size())};
}

}  // namespace respine
