// A = (1 + a P) (1 - b) recurrent / (baseline R) of one neuron; 1 - b without a baseline. R in small steps.
#pragma once

#include <cmath>

#include "kernels/activity/ampa.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline double ampa_drive(double gain, double pool, double recurrent, double baseline, double used_to,
                         double blocked) {
    return (1.0 - blocked) * (baseline > 0.0 ? (1.0 + gain * pool) * recurrent / (baseline * used_to) : 1.0);
}

inline double used_to(const AmpaParams& p, double drive, double dt, double before) {
    return rk4({before}, dt, 50, [&](const Vector& r) {
        return Vector{(std::fmax(drive, p.least_habit) - r[0]) / p.habituation};
    })[0];
}

}  // namespace respine::reference
