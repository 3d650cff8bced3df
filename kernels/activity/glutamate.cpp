#include "kernels/activity/glutamate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/numerics/loops.hpp"

namespace respine {

namespace {

using Exchange = GlutamateStep::Exchange;

// A row of voxels, and those around it.
struct Row {
    float* now;
    const float *south, *north, *below, *above, *start, *release;
};

// What voxel x of a row settles to, between these two: with c = 6 hop the positive root of
// g (1 + c) + rate (1 + s) g / (1 + s g) = known, which is that of
// (1 + c) s g^2 + ((1 + c) + rate (1 + s) - s known) g - known = 0, in the form without cancellation.
inline float settled_at(const Exchange& e, const Row& row, size_t x, float west, float east) {
    const double a = (1.0 + 6.0 * e.hop) * e.saturation,
                 empty = (1.0 + 6.0 * e.hop) + e.rate * (1.0 + e.saturation);
    const double around =
        static_cast<double>(west) + east + row.south[x] + row.north[x] + row.below[x] + row.above[x];
    const double known = row.start[x] + e.release * row.release[x] + e.hop * around;
    const double b = empty - e.saturation * known;
    return static_cast<float>(2.0 * known / (b + std::sqrt(b * b + 4.0 * a * known)));
}

constexpr size_t kStretch = 256;

// n voxels of a row, every other one from `first` on; none is at its ends.
RESPINE_CLONES void settle_inside(const Exchange& exchange, const Row& in, size_t first, size_t n,
                                  float* settled) {
    const Exchange e = exchange;
    const Row row = in;
#pragma omp simd
    for (size_t k = 0; k < n; ++k) {
        const size_t x = first + 2 * k;
        settled[k] = settled_at(e, row, x, row.now[x - 1], row.now[x + 1]);
    }
}

// Every other voxel of a row; returns the largest change. Each half of a sweep reads only the other half, so
// all may be computed before any is kept.
float settle_row(const Exchange& exchange, const Row& row, size_t nx, size_t first) {
    float largest = 0.0F;
    const auto keep = [&](size_t x, float settled) {
        largest = std::max(largest, std::fabs(settled - row.now[x]));
        row.now[x] = settled;
    };
    const auto keep_at_end = [&](size_t x) {
        keep(x, settled_at(exchange, row, x, row.now[x == 0 ? nx - 1 : x - 1],
                           row.now[x + 1 == nx ? 0 : x + 1]));
    };
    if (first == 0) keep_at_end(0);
    std::array<float, kStretch> settled;
    size_t x = first == 0 ? 2 : first;
    while (x + 1 < nx) {
        const size_t n = std::min(kStretch, (nx - x) / 2);
        settle_inside(exchange, row, x, n, settled.data());
        for (size_t k = 0; k < n; ++k, x += 2) keep(x, settled[k]);
    }
    if (x + 1 == nx) keep_at_end(x);
    return largest;
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

GlutamateStep::GlutamateStep(const GlutamateParams& p, const VoxelGrid& grid, double uptake, double dt,
                             std::span<const float> release, std::span<float> glutamate,
                             std::span<const float> start)
    : grid_(grid), release_(release), start_(start), glutamate_(glutamate) {
    const double hop = glutamate.size() > 1 ? dt * p.diffusion / (p.voxel * p.voxel) : 0.0;
    exchange_ = {dt / p.uptake_time, hop, dt * uptake / p.uptake_time, p.saturation};
}

float GlutamateStep::settle(int sweep, size_t first, size_t rows) const {
    constexpr size_t kWorthThreads = 4096;
    const size_t nx = grid_.nx, ny = grid_.ny, nz = grid_.nz;
    const auto at = [&](size_t y, size_t z) { return &glutamate_[nx * (y + ny * z)]; };
    const auto settle_at = [&](size_t n) {
        const size_t y = (first + n % rows) % ny, z = n / rows, row = y + ny * z;
        return settle_row(exchange_,
                          {at(y, z), at((y + ny - 1) % ny, z), at((y + 1) % ny, z), at(y, z == 0 ? 0 : z - 1),
                           at(y, z + 1 == nz ? z : z + 1), &start_[nx * row], &release_[nx * row]},
                          nx, (y + z + static_cast<size_t>(sweep)) & 1U);
    };
    float largest = 0.0F;
    if (nx * rows * nz > kWorthThreads) {
#pragma omp parallel for schedule(static) reduction(max : largest)
        for (size_t n = 0; n < rows * nz; ++n) largest = std::max(largest, settle_at(n));
    } else {
        for (size_t n = 0; n < rows * nz; ++n) largest = std::max(largest, settle_at(n));
    }
    return largest;
}

bool GlutamateStep::done(float largest, float previous, int sweep) {
    constexpr int kMostSweeps = 400;
    constexpr float kTolerance = 1e-5F;
    return std::max(largest, previous) < kTolerance || sweep == kMostSweeps;
}

int GlutamateStep::advance() const {
    float previous = 1.0F;
    for (int sweep = 1;; ++sweep) {
        const float largest = settle(sweep, 0, grid_.ny);
        if (done(largest, previous, sweep)) return sweep;
        previous = largest;
    }
}

}  // namespace respine
