// The four slow states in small explicit steps: up-regulation, inflammation, antidepressant, tolerance to
// dissociation.
#pragma once

#include "kernels/activity/adaptation.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline AdaptationState adaptation(const AdaptationParams& p, double block, double initial_inflammation,
                                  double taken, double dt, int steps, const AdaptationState& from) {
    const Vector x = rk4(
        {from.up_regulation, from.inflammation, from.antidepressant, from.psychotomimetic}, dt, steps,
        [&](const Vector& y) {
            return Vector{
                (block / p.exposure_reference - y[0]) / p.receptor_time,
                (initial_inflammation - y[1]) / p.inflammation_return - p.inflammation_relief * block * y[1],
                (taken - y[2]) / p.antidepressant_time,
                p.psychotomimetic_gain * block * (1.0 - y[3]) - y[3] / p.psychotomimetic_return};
        });
    return {x[0], x[1], x[2], x[3]};
}

}  // namespace respine::reference
