#include "kernels/activity/glutamate.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/loops.hpp"

namespace respine {

namespace {

// Positive root of g (1 + c) + dt u (1 + s) g / (1 + s g) = known, with u = v / tau.
double solve_uptake(double known, double c, double rate, double s) {
    // (1 + c) s g^2 + ((1 + c) + rate (1 + s) - s known) g - known = 0
    const double a = (1.0 + c) * s, b = (1.0 + c) + rate * (1.0 + s) - s * known;
    if (a <= 0.0) return known / b;
    return 2.0 * known / (b + std::sqrt(b * b + 4.0 * a * known));  // the form without cancellation
}

// m of mGluR2/3.
double occupancy_of(const GlutamateParams& p, const PresynapticDrugs& drugs, double glutamate) {
    const double present = glutamate + p.hold_half * drugs.agonist;
    return present / (present + p.hold_half * (1.0 + drugs.antagonist));
}

}  // namespace

double release_factor(const GlutamateParams& p, const PresynapticDrugs& drugs, double glutamate) {
    return drugs.release * (1.0 - p.hold * occupancy_of(p, drugs, glutamate)) /
           (1.0 - p.hold * occupancy_of(p, {}, 1.0));
}

double synaptic_gain(const GlutamateParams& p, const PresynapticDrugs& drugs, double glutamate) {
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

void spread_by_voxel(std::span<const u32> voxel, std::span<const float> by_voxel,
                     std::span<float> by_neuron) {
    for_neurons(0, by_neuron.size(), [&](size_t i) { by_neuron[i] = by_voxel[voxel[i]]; });
}

void average_by_voxel(const VoxelGrid& grid, std::span<const float> value, float absent,
                      std::span<float> mean) {
    for_tasks(0, mean.size(), worth_threads(value.size()), [&](size_t v) {
        double sum = 0.0;
        for (u32 m = grid.begin[v]; m < grid.begin[v + 1]; ++m) sum += value[grid.member[m]];
        const u32 n = grid.begin[v + 1] - grid.begin[v];
        mean[v] = n == 0 ? absent : static_cast<float>(sum / n);
    });
}

int advance_glutamate(const GlutamateParams& p, const VoxelGrid& grid, double uptake, double dt,
                      std::span<const float> release, std::span<float> glutamate, std::span<float> start) {
    constexpr int kMostSweeps = 400;
    constexpr float kTolerance = 1e-5F;
    constexpr size_t kWorthThreads = 4096;
    const size_t voxels = glutamate.size();
    const double hop = voxels > 1 ? dt * p.diffusion / (p.voxel * p.voxel) : 0.0,
                 rate = dt * uptake / p.uptake_time;
    const double release_rate = dt / p.uptake_time;
    const size_t nx = grid.nx, ny = grid.ny, nz = grid.nz;
    const auto row_at = [&](size_t y, size_t z) { return &glutamate[nx * (y + ny * z)]; };
    std::copy(glutamate.begin(), glutamate.end(), start.begin());
    // Every other voxel of a row; returns the largest change.
    const auto settle_row = [&](size_t row, size_t first) {
        const size_t y = row % ny, z = row / ny;
        const float *south = row_at((y + ny - 1) % ny, z), *north = row_at((y + 1) % ny, z),
                    *below = row_at(y, z == 0 ? 0 : z - 1), *above = row_at(y, z + 1 == nz ? z : z + 1);
        float *now = row_at(y, z), largest = 0.0F;
        for (size_t x = (y + z + first) & 1U; x < nx; x += 2) {
            const size_t v = row * nx + x, west = x == 0 ? nx - 1 : x - 1, east = x + 1 == nx ? 0 : x + 1;
            const double around =
                static_cast<double>(now[west]) + now[east] + south[x] + north[x] + below[x] + above[x];
            const double known = start[v] + release_rate * release[v] + hop * around;
            const float settled = static_cast<float>(solve_uptake(known, 6.0 * hop, rate, p.saturation));
            largest = std::max(largest, std::fabs(settled - now[x]));
            now[x] = settled;
        }
        return largest;
    };
    float previous = 1.0F;
    for (int sweep = 1;; ++sweep) {
        float largest = 0.0F;
        const auto first = static_cast<size_t>(sweep);
        // Red, then black: each half reads only the other, so any order gives the same bits.
        if (voxels > kWorthThreads) {
#pragma omp parallel for schedule(static) reduction(max : largest)
            for (size_t row = 0; row < ny * nz; ++row) largest = std::max(largest, settle_row(row, first));
        } else {
            for (size_t row = 0; row < ny * nz; ++row) largest = std::max(largest, settle_row(row, first));
        }
        if (std::max(largest, previous) < kTolerance || sweep == kMostSweeps) return sweep;
        previous = largest;
    }
}

}  // namespace respine
