#include "kernels/nmda_block.hpp"

#include <algorithm>

#include "kernels/elementary.hpp"

namespace respine {

double magnesium_open_fraction(double magnesium, double potential) {
    return 1.0 / (1.0 + magnesium / 3.57 * det_exp(-0.062 * potential));
}

void advance_nmda_block(std::span<const NmdaBlocker> blockers, std::span<const double> concentration, double dt,
                        std::span<SubunitValues> block) {
    for (size_t s = 0; s < kSubunits; ++s) {
        const auto occupancy = [&](size_t k) {
            const double ratio = concentration[k] / blockers[k].ic50[s];
            if (ratio <= 0.0) return 0.0;
            return blockers[k].hill == 1.0 ? ratio : det_exp(blockers[k].hill * det_log(ratio));
        };
        double sum = 0.0;
        for (size_t k = 0; k < blockers.size(); ++k) sum += occupancy(k);
        for (size_t k = 0; k < blockers.size(); ++k) {
            const double settled = occupancy(k) / (1.0 + sum);
            const double rate = blockers[k].kon * std::max(0.0, concentration[k]) + blockers[k].koff;
            block[k][s] = settled + (block[k][s] - settled) * det_exp(-rate * dt);
        }
    }
}

SubunitValues total_block(std::span<const SubunitValues> block) {
    SubunitValues total{};
    for (const SubunitValues& b : block)
        for (size_t s = 0; s < kSubunits; ++s) total[s] += b[s];
    return total;
}

double receptor_block(const SubunitValues& mix, const SubunitValues& block) {
    double b = 0.0;
    for (size_t s = 0; s < kSubunits; ++s) b += mix[s] * block[s];
    return b;
}

SubunitValues shifted_mix(const SubunitValues& mix, double factor) {
    const double slow = mix[2] + mix[3];
    const double wanted = std::min(1.0, slow * factor);
    if (slow <= 0.0 || slow >= 1.0) return mix;
    const double up = wanted / slow, down = (1.0 - wanted) / (1.0 - slow);
    return {mix[0] * down, mix[1] * down, mix[2] * up, mix[3] * up};
}

}  // namespace respine
