// Extracellular glutamate on a grid of voxels: release by pyramidal firing, saturable uptake, diffusion.
//
//   dg/dt = release/tau - u(g) + D lap g
//   u(g) = (1/tau) (1 + s) g v / (1 + s g)
//
//   g         glutamate [fold of baseline]
//   release   mean pyramidal rate of the voxel over its baseline [fold]
//   tau       uptake time [s]
//   s         saturation [1]
//   v         uptake capacity, below 1 under inflammation [1]
//   D         apparent diffusion constant [um^2/s]
//
// One implicit Euler step of length dt [s]: tau is seconds and dt up to minutes, so what counts is the exact
// steady state (release 1 gives g 1 when v is 1). Solved by red-black sweeps with the uptake in closed form;
// x and y are periodic, z reflects.
// Sources: uptake Danbolt 2001, 10.1016/S0301-0082(00)00067-8;
// diffusion Nicholson & Sykova 1998, 10.1016/S0166-2236(98)01261-2. Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct GlutamateParams {
    double uptake_time;  // [s]
    double saturation;   // [1]
    double diffusion;    // [um^2/s]
    double voxel;        // [um]
};
inline constexpr Parameter<GlutamateParams> kGlutamateParameters[] = {
    {"uptake_time", "s", &GlutamateParams::uptake_time, 0.1, 600,
     "time constant of glutamate uptake at baseline"},
    {"saturation", "1", &GlutamateParams::saturation, 0, 1,
     "saturation of uptake: baseline glutamate over its half-saturation"},
    {"diffusion", "um^2/s", &GlutamateParams::diffusion, 0, 1000,
     "apparent diffusion constant in the extracellular space"},
    {"voxel", "um", &GlutamateParams::voxel, 5, 1000, "edge of a voxel of the glutamate grid"},
};

// nx and ny are 1 or even, so that red and black voxels alternate across the periodic edge.
struct VoxelGrid {
    u32 nx = 1, ny = 1, nz = 1;
    // Voxels + 1; the excitatory neurons of voxel v are member[begin[v] .. begin[v + 1]).
    std::span<const u32> begin;
    std::span<const u32> member;
};

// Mean of `value` over the excitatory neurons of each voxel; a voxel without any takes `absent`.
void average_by_voxel(const VoxelGrid& grid, std::span<const float> value, float absent,
                      std::span<float> mean);

// Advances `glutamate` by dt; `release` is in folds of baseline, `scratch` holds one value a voxel. Returns
// the sweeps used.
int advance_glutamate(const GlutamateParams& p, const VoxelGrid& grid, double uptake, double dt,
                      std::span<const float> release, std::span<float> glutamate, std::span<float> scratch);

}  // namespace respine
