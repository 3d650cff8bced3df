#include "kernels/activity/glutamate.hpp"

#include <algorithm>
#include <cmath>

namespace respine {

namespace {

struct Neighbours {
    size_t west, east, south, north, below, above;
};

Neighbours neighbours_of(const VoxelGrid& g, size_t v) {
    const size_t nx = g.nx, ny = g.ny, nz = g.nz;
    const size_t x = v % nx, y = v / nx % ny, z = v / (nx * ny);
    const auto at = [&](size_t a, size_t b, size_t c) { return a + nx * (b + ny * c); };
    return {at((x + nx - 1) % nx, y, z), at((x + 1) % nx, y, z),       at(x, (y + ny - 1) % ny, z),
            at(x, (y + 1) % ny, z),      at(x, y, z == 0 ? 0 : z - 1), at(x, y, z + 1 == nz ? z : z + 1)};
}

// Positive root of g (1 + c) + dt u (1 + s) g / (1 + s g) = known, with u = v / tau.
double solve_uptake(double known, double c, double rate, double s) {
    // (1 + c) s g^2 + ((1 + c) + rate (1 + s) - s known) g - known = 0
    const double a = (1.0 + c) * s, b = (1.0 + c) + rate * (1.0 + s) - s * known;
    if (a <= 0.0) return known / b;
    return 2.0 * known / (b + std::sqrt(b * b + 4.0 * a * known));  // the form without cancellation
}

// m of mGluR2/3.
double occupancy_of(const GlutamateParams& p, const Mglu23Drugs& drugs, double glutamate) {
    const double present = glutamate + p.hold_half * drugs.agonist;
    return present / (present + p.hold_half * (1.0 + drugs.antagonist));
}

}  // namespace

double release_factor(const GlutamateParams& p, const Mglu23Drugs& drugs, double glutamate) {
    return (1.0 - p.hold * occupancy_of(p, drugs, glutamate)) / (1.0 - p.hold * occupancy_of(p, {}, 1.0));
}

double freed_mglu23(const GlutamateParams& p, const Mglu23Drugs& drugs, double glutamate) {
    return std::max(0.0, 1.0 - occupancy_of(p, drugs, glutamate) / occupancy_of(p, {}, glutamate));
}

double synaptic_gain(const GlutamateParams& p, const Mglu23Drugs& drugs, double glutamate) {
    return release_factor(p, drugs, glutamate) * (1.0 + p.spill_over * (glutamate - 1.0));
}

double resting_glutamate(const GlutamateParams& p, double uptake) {
    if (uptake == 1.0) return 1.0;
    double g = 1.0;
    for (int n = 0; n < 100; ++n) {  // release falls with g, so this closes in from both sides
        const double release = release_factor(p, {}, g);
        const double room = (1.0 + p.saturation) * uptake - p.saturation * release;
        g = 0.5 * (g + release / std::max(room, 0.01));
    }
    return g;
}

void spread_by_voxel(const VoxelGrid& grid, std::span<const float> by_voxel, std::span<float> by_neuron) {
#pragma omp parallel for schedule(static)
    for (size_t v = 0; v < by_voxel.size(); ++v)
        for (u32 m = grid.begin[v]; m < grid.begin[v + 1]; ++m) by_neuron[grid.member[m]] = by_voxel[v];
}

void average_by_voxel(const VoxelGrid& grid, std::span<const float> value, float absent,
                      std::span<float> mean) {
#pragma omp parallel for schedule(static)
    for (size_t v = 0; v < mean.size(); ++v) {
        double sum = 0.0;
        for (u32 m = grid.begin[v]; m < grid.begin[v + 1]; ++m) sum += value[grid.member[m]];
        const u32 n = grid.begin[v + 1] - grid.begin[v];
        mean[v] = n == 0 ? absent : static_cast<float>(sum / n);
    }
}

int advance_glutamate(const GlutamateParams& p, const VoxelGrid& grid, double uptake, double dt,
                      std::span<const float> release, std::span<float> glutamate, std::span<float> scratch) {
    constexpr int kMostSweeps = 400;
    constexpr float kTolerance = 1e-5F;
    const size_t voxels = glutamate.size();
    const double hop = voxels > 1 ? dt * p.diffusion / (p.voxel * p.voxel) : 0.0,
                 rate = dt * uptake / p.uptake_time;
    const double release_rate = dt / p.uptake_time;
    std::copy(glutamate.begin(), glutamate.end(), scratch.begin());  // the state at the start of the step
    const std::span<float> now = glutamate;
    float previous = 1.0F;
    for (int sweep = 1;; ++sweep) {
        float largest = 0.0F;
#pragma omp parallel for schedule(static) reduction(max : largest) if (voxels > 4096)
        for (size_t v = 0; v < voxels;
             ++v) {  // red, then black: each half reads only the other, so any order gives the same bits
            if (((v % grid.nx + v / grid.nx % grid.ny + v / (static_cast<size_t>(grid.nx) * grid.ny)) & 1U) !=
                (sweep & 1U))
                continue;
            const Neighbours n = neighbours_of(grid, v);
            const double around = static_cast<double>(now[n.west]) + now[n.east] + now[n.south] +
                                  now[n.north] + now[n.below] + now[n.above];
            const double known = scratch[v] + release_rate * release[v] + hop * around;
            const float settled = static_cast<float>(solve_uptake(known, 6.0 * hop, rate, p.saturation));
            largest = std::max(largest, std::fabs(settled - now[v]));
            now[v] = settled;
        }
        if (std::max(largest, previous) < kTolerance || sweep == kMostSweeps) return sweep;
        previous = largest;
    }
}

}  // namespace respine
