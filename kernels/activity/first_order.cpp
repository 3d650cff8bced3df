#include "kernels/activity/first_order.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

namespace {

inline double gain_of(double z) {
    const double few = 1.0 - z * (1.0 / 2.0) * (1.0 - z * (1.0 / 3.0) * (1.0 - z * (1.0 / 4.0)));
    const double many = (1.0 - det_exp(-z)) / z;
    return z < 1e-3 && z > -1e-3 ? few : many;
}

RESPINE_CLONES void advance_each(const double* production, const double* decay, double dt, double unit,
                                 float* state, float* held, size_t n) {
    const double own = 1.0 / unit;
#pragma omp simd
    for (size_t i = 0; i < n; ++i) {
        const double x = static_cast<double>(state[i]) * unit,
                     now = x + (production[i] - decay[i] * x) * (dt * gain_of(decay[i] * dt));
        held[i] = static_cast<float>(0.5 * (x + now) * own);
        state[i] = static_cast<float>(now * own);
    }
}

RESPINE_CLONES void advance_alike(const double* production, double decay, double dt, double unit,
                                  float* state, float* held, size_t n) {
    const double own = 1.0 / unit, gain = dt * gain_of(decay * dt);
#pragma omp simd
    for (size_t i = 0; i < n; ++i) {
        const double x = static_cast<double>(state[i]) * unit, now = x + (production[i] - decay * x) * gain;
        held[i] = static_cast<float>(0.5 * (x + now) * own);
        state[i] = static_cast<float>(now * own);
    }
}

RESPINE_CLONES void scale_by(const double* factor, double about, float* drive, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
        drive[i] = static_cast<float>(about + factor[i] * (static_cast<double>(drive[i]) - about));
}

}  // namespace

double held_gain(double z) { return gain_of(z); }

void advance_first_order(std::span<const double> production, std::span<const double> decay, double dt,
                         double unit, std::span<float> state, std::span<float> held) {
    advance_each(production.data(), decay.data(), dt, unit, state.data(), held.data(), state.size());
}

void advance_first_order(std::span<const double> production, double decay, double dt, double unit,
                         std::span<float> state, std::span<float> held) {
    advance_alike(production.data(), decay, dt, unit, state.data(), held.data(), state.size());
}

void scale_each(std::span<const double> factor, std::span<float> drive) {
    scale_by(factor.data(), 0.0, drive.data(), drive.size());
}

void scale_excess(std::span<const double> factor, std::span<float> drive) {
    scale_by(factor.data(), 1.0, drive.data(), drive.size());
}

}  // namespace respine
