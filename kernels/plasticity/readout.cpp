#include "kernels/plasticity/readout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/numerics/elementary.hpp"

namespace respine {

namespace {

constexpr double kLeastDeficit = 0.005;  // of the healthy count

}  // namespace

double early_response(const ReadoutParams& p, double mean_potentiation) {
    return std::clamp((mean_potentiation - 1.0) / p.potentiation_reference, 0.0, 1.0);
}

double restored_share(double live, double equilibrium, double healthy) {
    const double deficit = healthy - equilibrium;
    if (!(std::fabs(deficit) >= kLeastDeficit * healthy) || healthy <= 0.0)
        return std::numeric_limits<double>::quiet_NaN();
    return std::clamp((live - equilibrium) / deficit, 0.0, 1.0);
}

double placebo_response(const ReadoutParams& p, double size, std::span<const double> hours_since) {
    double share = 0.0;
    for (size_t n = 0; n < hours_since.size() && hours_since[n] > 0.0; ++n) {
        const double to = n + 1 < hours_since.size() ? std::max(0.0, hours_since[n + 1]) : 0.0,
                     hours = hours_since[n] - to;  // until the next treatment, or until now
        share = (1.0 - (1.0 - share) * det_exp(-hours / p.placebo_on)) * det_exp(-hours / p.placebo_off);
    }
    return size * share;
}

double response_index(const ReadoutParams& p, const ResponseParts& parts) {
    if (std::isnan(parts.restored)) return parts.restored;
    const double left = (1.0 - p.early_weight * parts.early) * (1.0 - p.late_weight * parts.restored) *
                        (1.0 - p.surge_weight * parts.surge);
    const double synaptic = parts.synaptic_share * (1.0 - left);
    const double treated = synaptic + parts.antidepressant * (1.0 - synaptic);
    return std::clamp(treated - parts.rebound - parts.new_stress + parts.placebo, -1.0, 1.0);
}

double dissociation_index(const ReadoutParams& p, double arterial, double tolerance) {
    return std::clamp((arterial - p.dissociation_threshold) / p.dissociation_range, 0.0, 2.0) *
           (1.0 - tolerance);
}

double blood_pressure_index(const ReadoutParams& p, double arterial) {
    return std::clamp(arterial / p.blood_pressure_reference, 0.0, 2.0);
}

}  // namespace respine
