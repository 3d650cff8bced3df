// Gaussian growth rule of one neuron, straight from the equation.
#pragma once

#include <cmath>

#include "kernels/plasticity/growth_rule.hpp"

namespace respine::reference {

inline double grown_elements(const GrowthRuleParams& p, double dt, double rate, double baseline,
                             double healthy, double elements) {
    const double activity = baseline > 0.0 ? rate / baseline : 0.0;
    const double xi = (p.least + p.set_point) / 2.0,
                 zeta = (p.set_point - p.least) / (2.0 * std::sqrt(std::log(2.0)));
    const double slope = p.rate * healthy * (2.0 * std::exp(-std::pow((activity - xi) / zeta, 2)) - 1.0);
    return std::fmax(1.0, elements + slope * dt);
}

}  // namespace respine::reference
