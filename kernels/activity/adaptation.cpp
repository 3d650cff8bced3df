#include "kernels/activity/adaptation.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"

namespace respine {

void advance_adaptation(const AdaptationParams& p, double block, double initial_inflammation,
                        double sert_occupancy, double dt, AdaptationState& state) {
    const auto approach = [dt](double& value, double settled, double rate) {
        value = settled + (value - settled) * det_exp(-dt * rate);
    };
    approach(state.up_regulation, block / p.exposure_reference, 1.0 / p.receptor_time);
    const double relief = p.inflammation_relief * block, back = 1.0 / p.inflammation_return;
    approach(state.inflammation, initial_inflammation * back / (back + relief), back + relief);
    approach(state.antidepressant, std::min(1.0, sert_occupancy / p.sert_full), 1.0 / p.antidepressant_time);
    const double used = p.psychotomimetic_gain * block, fade = 1.0 / p.psychotomimetic_return;
    approach(state.psychotomimetic, used / (used + fade), used + fade);
}

double receptor_number(const AdaptationParams& p, const AdaptationState& state) {
    return 1.0 + p.receptors * std::min(1.0, state.up_regulation);
}

double excess_current(double receptors, double block) {
    return std::max(0.0, receptors * (1.0 - block) - 1.0);
}

double lost_current(double receptors, double block) { return std::max(0.0, 1.0 - receptors * (1.0 - block)); }

}  // namespace respine
