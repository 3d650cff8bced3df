// The four slow states in small explicit steps: up-regulation, recent exposure, inflammation, antidepressant.
#pragma once

#include "kernels/activity/adaptation.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline AdaptationState adaptation(const AdaptationParams& p, double block, double initial_inflammation,
                                  double taken, double dt, int steps, const AdaptationState& from) {
    const Vector x = rk4(
        {from.up_regulation, from.recent, from.inflammation, from.antidepressant, from.psychotomimetic}, dt,
        steps, [&](const Vector& y) {
            const double b = block / p.exposure_reference;
            return Vector{
                (b - y[0]) / p.tolerance_time, (b - y[1]) / p.recent_time,
                (initial_inflammation - y[2]) / p.inflammation_return - p.inflammation_relief * block * y[2],
                (taken - y[3]) / p.antidepressant_time,
                p.psychotomimetic_gain * block * (1.0 - y[4]) - y[4] / p.psychotomimetic_return};
        });
    return {x[0], x[1], x[2], x[3], x[4]};
}

}  // namespace respine::reference
