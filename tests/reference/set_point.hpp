// The set point of one neuron in small explicit steps.
#pragma once

#include <algorithm>

#include "kernels/plasticity/set_point.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline double set_point(const SetPointParams& p, const SetPointInput& in, size_t i, double from, int steps) {
    const double stressed = in.stressed[i], healthy = in.healthy[i];
    const double rest = stressed + p.antidepressant * in.antidepressant * (healthy - stressed);
    const Vector x = rk4({from}, in.dt, steps, [&](const Vector& y) {
        return Vector{p.consolidation * in.pool[i] * std::max(0.0, in.live[i] - y[0]) -
                      (y[0] - rest) / in.back};
    });
    return std::clamp(x[0], std::min(stressed, healthy), std::max(stressed, healthy));
}

}  // namespace respine::reference
