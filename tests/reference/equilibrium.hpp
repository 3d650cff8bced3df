// The density of log sizes under walk, loss and renewal by explicit time steps on a grid of its own, coarser
// than the solver's.
//
//   dp/dt = (x p)'/tau + (sigma^2/tau) p'' - e h(x) p + (all that is lost) q(x)
#pragma once

#include <cmath>
#include <vector>

#include "sim/network/spine_walk.hpp"

namespace respine::reference {

struct SizeGrid {
    double low = -2.5, step = 0.02;
    size_t cells = 250;
    double x(size_t i) const { return low + (static_cast<double>(i) + 0.5) * step; }
};

inline std::vector<double> new_spines(const SizeGrid& grid, const SpineSizeParams& size) {
    std::vector<double> q(grid.cells);
    double total = 0.0;
    for (size_t i = 0; i < grid.cells; ++i)
        total += q[i] = std::exp(-0.5 * std::pow((grid.x(i) - size.new_mean) / size.new_sd, 2));
    for (double& v : q) v /= total * grid.step;
    return q;
}

// One explicit step; returns the loss per time. Lost spines come back with density q when `renew`, else they
// are gone.
inline double step_sizes(const SizeGrid& grid, const SpineSizeParams& size, const PruningParams& pruning,
                         double loss_factor, double dt, bool renew, const std::vector<double>& q,
                         std::vector<double>& p) {
    std::vector<double> flux(grid.cells + 1, 0.0), after = p;
    for (size_t i = 1; i < grid.cells; ++i) {
        const double face = grid.low + static_cast<double>(i) * grid.step;
        flux[i] = -face / size.time * 0.5 * (p[i - 1] + p[i]) -
                  size.sd * size.sd / size.time * (p[i] - p[i - 1]) / grid.step;
    }
    double lost = 0.0;
    for (size_t i = 0; i < grid.cells; ++i) {
        const double loss = pruning.hazard * loss_factor * std::exp(-pruning.steepness * grid.x(i)) * p[i];
        lost += loss * grid.step;
        after[i] += dt * ((flux[i] - flux[i + 1]) / grid.step - loss);
    }
    for (size_t i = 0; renew && i < grid.cells; ++i) after[i] += dt * lost * q[i];
    p = after;
    return lost;
}

// Density after `days` from a start at q, long enough to settle.
inline std::vector<double> settled_sizes(const SizeGrid& grid, const SpineSizeParams& size,
                                         const PruningParams& pruning, double loss_factor, double days) {
    const std::vector<double> q = new_spines(grid, size);
    std::vector<double> p = q;
    const double dt = 0.2 * grid.step * grid.step * size.time / (size.sd * size.sd);
    for (double t = 0.0; t < days; t += dt) step_sizes(grid, size, pruning, loss_factor, dt, true, q, p);
    return p;
}

// Newborn and mature densities after `days`, by the same steps: what matures goes from one to the other, and
// what is lost of both comes back.
struct SettledSpines {
    std::vector<double> newborn, mature;
};
inline SettledSpines settled_spines(const SizeGrid& grid, const PlasticRule& rule, double loss_factor,
                                    double days) {
    const std::vector<double> q = new_spines(grid, rule.spine_size);
    SettledSpines s{std::vector<double>(grid.cells, 0.0), q};
    const double dt =
        0.2 * grid.step * grid.step * rule.spine_size.time / (rule.spine_size.sd * rule.spine_size.sd);
    const double maturation = rule.newborn.maturation;
    const PruningParams leave{.hazard = loss_factor * rule.newborn.hazard + maturation,
                              .steepness = 0.0,
                              .stress = 1.0,
                              .homeostasis = 0.0};
    for (double t = 0.0; t < days; t += dt) {
        const std::vector<double> before = s.newborn;
        double lost = step_sizes(grid, rule.spine_size, rule.pruning, loss_factor, dt, false, q, s.mature);
        lost += step_sizes(grid, rule.spine_size, leave, 1.0, dt, false, q, s.newborn);
        for (const double b : before) lost -= maturation * b * grid.step;
        for (size_t i = 0; i < grid.cells; ++i) {
            s.newborn[i] += dt * rule.newborn.share * lost * q[i];
            s.mature[i] += dt * (maturation * before[i] + (1.0 - rule.newborn.share) * lost * q[i]);
        }
    }
    return s;
}

// Mean age of the living: integral of t S(t) over that of S(t), S the survival of new spines.
inline double mean_age(const SizeGrid& grid, const SpineSizeParams& size, const PruningParams& pruning,
                       double loss_factor, double days) {
    const std::vector<double> q = new_spines(grid, size);
    std::vector<double> p = q;
    const double dt = 0.2 * grid.step * grid.step * size.time / (size.sd * size.sd);
    double alive = 0.0, weighted = 0.0, survival = 1.0;
    for (double t = 0.0; t < days; t += dt) {
        alive += survival * dt;
        weighted += survival * (t + 0.5 * dt) * dt;
        survival -= dt * step_sizes(grid, size, pruning, loss_factor, dt, false, q, p);
    }
    return weighted / alive;
}

}  // namespace respine::reference
