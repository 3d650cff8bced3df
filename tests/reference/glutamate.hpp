// One implicit Euler step of dg/dt = release/tau - (v/tau)(1 + s) g / (1 + s g) + D lap g, by Jacobi sweeps
// in double and bisection.
#pragma once

#include <cmath>
#include <vector>

#include "kernels/activity/glutamate.hpp"

namespace respine::reference {

inline double laplace_neighbours(const VoxelGrid& grid, const std::vector<double>& g, u32 x, u32 y, u32 z) {
    const auto at = [&](u32 a, u32 b, u32 c) {
        return g[a + static_cast<size_t>(grid.nx) * (b + static_cast<size_t>(grid.ny) * c)];
    };
    double sum = at((x + 1) % grid.nx, y, z) + at((x + grid.nx - 1) % grid.nx, y, z);
    sum += at(x, (y + 1) % grid.ny, z) + at(x, (y + grid.ny - 1) % grid.ny, z);
    sum += z > 0 ? at(x, y, z - 1) : at(x, y, z);
    sum += z + 1 < grid.nz ? at(x, y, z + 1) : at(x, y, z);
    return sum;
}

inline std::vector<double> glutamate_step(const GlutamateParams& p, const VoxelGrid& grid, double uptake,
                                          double dt, const std::vector<double>& release,
                                          const std::vector<double>& start) {
    const double hop = dt * p.diffusion / (p.voxel * p.voxel);
    std::vector<double> g = start;
    for (int sweep = 0; sweep < 2000; ++sweep) {
        const std::vector<double> before = g;
        double largest = 0.0;
        for (u32 z = 0; z < grid.nz; ++z)
            for (u32 y = 0; y < grid.ny; ++y)
                for (u32 x = 0; x < grid.nx; ++x) {
                    const size_t v =
                        x + static_cast<size_t>(grid.nx) * (y + static_cast<size_t>(grid.ny) * z);
                    const double given = start[v] + dt / p.uptake_time * release[v] +
                                         hop * laplace_neighbours(grid, before, x, y, z);
                    double low = 0.0, high = given;  // the loss is never negative, so the root lies between
                    for (int n = 0; n < 50; ++n) {
                        const double middle = 0.5 * (low + high);
                        const double loss = dt * uptake / p.uptake_time * (1.0 + p.saturation) * middle /
                                            (1.0 + p.saturation * middle);
                        (middle * (1.0 + 6.0 * hop) + loss > given ? high : low) = middle;
                    }
                    g[v] = 0.5 * (low + high);
                    largest = std::max(largest, std::fabs(g[v] - before[v]));
                }
        if (largest < 1e-10) break;
    }
    return g;
}

}  // namespace respine::reference
