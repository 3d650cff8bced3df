#include "kernels/plasticity/persons.hpp"

#include <algorithm>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr double kLeastScore = 0.05, kHoursPerDay = 24.0;
constexpr u32 kMostTries = 64;  // to be let in
enum : u32 { kAtVisits = 0, kAtInclusion = 1 };

}  // namespace

double logit_normal(double median, double sd, double z) {
    if (sd == 0.0) return median;
    const double odds = median / (1.0 - median) * det_exp(sd * z);
    return odds / (1.0 + odds);
}

double inclusion_error(const RatingParams& p, u64 seed, u32 subject, double severity) {
    const double least = std::max(p.inclusion, kLeastScore) - severity;
    if (p.inclusion_sd == 0.0) return 0.0;
    for (u32 n = 0; n < kMostTries; ++n) {
        const Draw bits = philox(seed, Stream::kRating, subject, n, kAtInclusion);
        const double error = p.inclusion_sd * normal(bits[0], bits[1]);
        if (error >= least) return error;
    }
    return std::max(0.0, least);
}

double rated_improvement(const RatingParams& p, u64 seed, u32 subject, u32 visit, double severity,
                         double inclusion_error, double index) {
    const Draw bits = philox(seed, Stream::kRating, subject, visit, kAtVisits);
    const double error = p.rater_sd == 0.0 ? 0.0 : p.rater_sd * normal(bits[0], bits[1]);
    return (severity * index + inclusion_error - error) / (severity + inclusion_error);
}

std::vector<double> new_stress_times(const NewStressParams& p, u64 seed, u32 subject, double hours) {
    std::vector<double> times;
    if (p.rate <= 0.0) return times;
    double at = 0.0;
    for (u32 n = 0;; ++n) {
        at -= kHoursPerDay / p.rate * det_log(unit(philox(seed, Stream::kNewStress, subject, n, 0)[0]));
        if (at >= hours) return times;
        times.push_back(at);
    }
}

double felt_stress(const NewStressParams& p, double before, double hours, const std::vector<double>& events) {
    const double rate = 1.0 / (kHoursPerDay * p.time);
    double felt = before * det_exp(-hours * rate);
    for (const double since : events) felt += det_exp(-since * rate);
    return felt;
}

}  // namespace respine
