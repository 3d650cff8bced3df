#include "kernels/activity/nmda_block.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"

namespace respine {

double magnesium_open_fraction(double magnesium, double potential) {
    return 1.0 / (1.0 + magnesium / 3.57 * det_exp(-0.062 * potential));
}

namespace {

double occupancy_of(const NmdaBlocker& blocker, double level, size_t subunit, double factor = 1.0) {
    const double ratio = level / (blocker.ic50[subunit] * factor);
    if (ratio <= 0.0) return 0.0;
    return blocker.hill == 1.0 ? ratio : det_exp(blocker.hill * det_log(ratio));
}

}  // namespace

double escape_factor(double trapping, double escape) { return 1.0 + (1.0 - trapping) * escape; }

double resting_block(const NmdaParams& p, std::span<const NmdaBlocker> blockers,
                     std::span<const double> level, const SubunitValues& mix) {
    double blocked = 0.0;
    for (size_t s = 0; s < kSubunits; ++s) {
        double bound = 0.0;
        for (size_t k = 0; k < blockers.size(); ++k)
            bound += occupancy_of(blockers[k], level[k], s,
                                  escape_factor(blockers[k].trapping, p.escape_at_rest) /
                                      escape_factor(blockers[k].trapping, p.escape_in_use));
        blocked += mix[s] * bound / (1.0 + bound);
    }
    return blocked;
}

void advance_nmda_block(std::span<const NmdaBlocker> blockers, std::span<const double> before,
                        std::span<const double> after, double dt, std::span<SubunitValues> block) {
    const auto occupancy = [&](std::span<const double> level, size_t k, size_t s) {
        return occupancy_of(blockers[k], level[k], s);
    };
    for (size_t s = 0; s < kSubunits; ++s) {
        double sum_before = 0.0, sum_after = 0.0;
        for (size_t k = 0; k < blockers.size(); ++k) {
            sum_before += occupancy(before, k, s);
            sum_after += occupancy(after, k, s);
        }
        for (size_t k = 0; k < blockers.size(); ++k) {
            const double from = occupancy(before, k, s) / (1.0 + sum_before),
                         to = occupancy(after, k, s) / (1.0 + sum_after);
            const double hops =
                (blockers[k].kon * std::max(0.0, 0.5 * (before[k] + after[k])) + blockers[k].koff) * dt;
            const double keep = det_exp(-hops);
            const double lag = hops > 0.0 ? (to - from) * (1.0 - keep) / hops : to - from;
            block[k][s] = to - lag + (block[k][s] - from) * keep;
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
