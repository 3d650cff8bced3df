// dx/dt = A x in small explicit steps.
#pragma once

#include <span>

#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline Vector linear_compartments(std::span<const double> rate, Vector x, double duration, int steps) {
    const std::size_t n = x.size();
    return rk4(std::move(x), duration, steps, [&](const Vector& y) {
        Vector slope(n, 0.0);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) slope[i] += rate[i * n + j] * y[j];
        return slope;
    });
}

}  // namespace respine::reference
