// Classical Runge-Kutta with many small steps: the truth that exact exponential updates are held against.
#pragma once

#include <cstddef>
#include <vector>

namespace respine::reference {

using Vector = std::vector<double>;

inline Vector shifted(const Vector& x, double by, const Vector& direction) {
    Vector y = x;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += by * direction[i];
    return y;
}

// `slope(x)` is dx/dt; the state after `duration`.
template <class Slope>
Vector rk4(Vector x, double duration, int steps, Slope slope) {
    const double dt = duration / steps;
    for (int n = 0; n < steps; ++n) {
        const Vector a = slope(x);
        const Vector b = slope(shifted(x, dt / 2.0, a));
        const Vector c = slope(shifted(x, dt / 2.0, b));
        const Vector d = slope(shifted(x, dt, c));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] += dt / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
    }
    return x;
}

}  // namespace respine::reference
