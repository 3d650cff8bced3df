#include "kernels/plasticity/bdnf.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"
#include "kernels/plasticity/stress.hpp"

namespace respine {

double basal_release(const BdnfParams& p, double severity, double genotype, double inflammation) {
    return stress_factor(p.stress, severity) * genotype * (1.0 - p.inflammation * inflammation);
}

double settled_supply(const BdnfParams& p, double block, double block_2b, double glutamate) {
    const double b = std::clamp(block, 0.0, 1.0), b2 = b * b, half2 = p.supply_half * p.supply_half;
    const double spilt = std::max(0.0, glutamate * (1.0 - block_2b) - 1.0);
    return (1.0 - p.supply_loss * b2 * b2 / (b2 * b2 + half2 * half2)) / (1.0 + p.extrasynaptic * spilt);
}

double advance_supply(const BdnfParams& p, double settled, double dt, double supply) {
    const double time = settled < supply ? p.supply_fall : p.supply_return;
    return settled + (supply - settled) * det_exp(-dt / time);
}

double started_translation(const BdnfParams& p, double translation, double supply, double mean_ampa) {
    const double active = p.activity * std::max(0.0, supply * (mean_ampa - 1.0) - (p.threshold - 1.0));
    return translation + (1.0 - translation) * active / (1.0 + active);
}

void advance_bdnf(const BdnfParams& p, const BdnfInput& in, double dt, std::span<const float> ampa,
                  std::span<float> excess) {
    const double keep = det_exp(-dt / p.clearance);
    const double gain = p.release * p.clearance * in.calcium * (1.0 - in.scavenged);
    const double least = p.threshold - 1.0, of_surge = in.surge * in.started,
                 alone = in.resting * in.translation;
    for_neurons(0, excess.size(), [&](size_t i) {
        const double above = std::max(0.0, in.supply * (ampa[i] - 1.0) - least);
        const double settled = gain * (of_surge * above + alone);
        excess[i] = static_cast<float>(settled + (excess[i] - settled) * keep);
    });
}

}  // namespace respine
