// db/dt = (kon C + koff) (u / (1 + sum u) - b) of one subunit in small explicit steps, all drugs together.
#pragma once

#include <cmath>
#include <span>

#include "kernels/activity/nmda_block.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline Vector nmda_block(std::span<const NmdaBlocker> drugs, std::span<const double> concentration,
                         size_t subunit, Vector bound, double dt, int steps) {
    Vector occupancy;
    double all = 1.0;
    for (size_t k = 0; k < drugs.size(); ++k) {
        occupancy.push_back(std::pow(concentration[k] / drugs[k].ic50[subunit], drugs[k].hill));
        all += occupancy.back();
    }
    return rk4(std::move(bound), dt, steps, [&](const Vector& b) {
        Vector slope(b.size());
        for (size_t k = 0; k < b.size(); ++k)
            slope[k] = (drugs[k].kon * concentration[k] + drugs[k].koff) * (occupancy[k] / all - b[k]);
        return slope;
    });
}

}  // namespace respine::reference
