// Extracellular glutamate on a grid of voxels: release by pyramidal firing, which mGluR2/3 hold back,
// saturable uptake, diffusion; and what it does at the synapses of the voxel.
//
//   dg/dt = release H(g)/tau - u(g) + D lap g
//   u(g) = (1/tau) (1 + s) g v / (1 + s g)
//   H(g) = q (1 - h m(g)) / (1 - h m(1)_drug-free)
//   m(g) = (g + K a) / (g + K a + K (1 + o))
//   synaptic drive ~ H(g) (1 + w (g - 1))
//
//   g         glutamate [fold of the healthy baseline]
//   release   mean pyramidal rate of the voxel over its baseline [fold]
//   H         release probability over the healthy one [1]
//   q         what drugs make of it other than by mGluR2/3 [1]
//   m         occupancy of presynaptic mGluR2/3 [1]
//   h         release that full occupancy holds back [1]
//   K         glutamate of half occupancy [fold]
//   a, o      agonist and antagonist over their own half-effective concentrations [1]
//   w         spill-over: AMPA drive per fold of extracellular glutamate [1]
//   tau       uptake time [s]
//   s         saturation [1]
//   v         uptake capacity of the astrocytes, below 1 under stress and inflammation [1]
//   D         apparent diffusion constant [um^2/s]
//
// One implicit Euler step of length dt [s]: tau is seconds and dt up to minutes, so what counts is the exact
// steady state (release 1 gives g 1 when v is 1). Solved by red-black sweeps with the uptake in closed form;
// x and y are periodic, z reflects. H is that of the glutamate before the step.
// Sources: mGluR2/3 Dwyer et al. 2012 (PMC3580765: an antagonist alone starts mTORC1); uptake Danbolt
// 2001, 10.1016/S0301-0082(00)00067-8; diffusion Nicholson & Sykova 1998, 10.1016/S0166-2236(98)01261-2.
// Values: configs/models/*.yaml.
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
    double hold;         // h [1]
    double hold_half;    // K [fold]
    double spill_over;   // w [1]
    double stress;       // v at severity 1 [1]
    double eaat2;        // share of uptake that EAAT2 carries [1]
    double serotonin;    // what 5-HT2A receptors that are driven fully add to q [1]
};
inline constexpr Parameter<GlutamateParams> kGlutamateParameters[] = {
    {"uptake_time", "s", &GlutamateParams::uptake_time, 0.1, 600,
     "time constant of glutamate uptake at baseline"},
    {"saturation", "1", &GlutamateParams::saturation, 0, 1,
     "saturation of uptake: baseline glutamate over its half-saturation"},
    {"diffusion", "um^2/s", &GlutamateParams::diffusion, 0, 1000,
     "apparent diffusion constant in the extracellular space"},
    {"voxel", "um", &GlutamateParams::voxel, 5, 1000, "edge of a voxel of the glutamate grid"},
    {"hold", "1", &GlutamateParams::hold, 0, 0.95,
     "release that fully occupied mGluR2/3 hold back; 0 switches them off"},
    {"hold_half", "1", &GlutamateParams::hold_half, 0.01, 100,
     "glutamate of half occupancy of mGluR2/3, over its baseline"},
    {"spill_over", "1", &GlutamateParams::spill_over, 0, 10,
     "AMPA drive per fold of extracellular glutamate; 0 switches it off"},
    {"stress", "1", &GlutamateParams::stress, 0.2, 1, "glutamate uptake at stress severity 1"},
    {"eaat2", "1", &GlutamateParams::eaat2, 0, 1, "share of glutamate uptake that EAAT2 carries"},
    {"serotonin", "1", &GlutamateParams::serotonin, 0, 5,
     "rise of glutamate release where 5-HT2A receptors are driven fully"},
};

// What drugs do to release.
struct PresynapticDrugs {
    double agonist = 0.0, antagonist = 0.0;  // of mGluR2/3, over their half-effective concentrations
    double release = 1.0;                    // q [1]
};

// H(g).
double release_factor(const GlutamateParams& p, const PresynapticDrugs& drugs, double glutamate);

// H(g) (1 + w (g - 1)): what a spike brings over what it brings in health.
double synaptic_gain(const GlutamateParams& p, const PresynapticDrugs& drugs, double glutamate);

// Where glutamate rests without drug at healthy rates for this uptake capacity; the same everywhere.
double resting_glutamate(const GlutamateParams& p, double uptake);

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

// Gives each neuron the value of its voxel.
void spread_by_voxel(std::span<const u32> voxel, std::span<const float> by_voxel, std::span<float> by_neuron);

// One step sweep by sweep. A sweep settles every other voxel from the others around it, so the order within
// one is free; odd and even sweeps take turns.
class GlutamateStep {
public:
    // What it does to all voxels alike: dt / tau, dt D / edge^2, dt v / tau, s.
    struct Exchange {
        double release, hop, rate, saturation;
    };
    // `release` in folds of baseline; `start` is the glutamate before the step, `glutamate` what is settled.
    GlutamateStep(const GlutamateParams& p, const VoxelGrid& grid, double uptake, double dt,
                  std::span<const float> release, std::span<float> glutamate, std::span<const float> start);
    // In `rows` rows (along x) of each plane, from y = `first` on and across the periodic edge. Returns the
    // largest change.
    float settle(int sweep, size_t first, size_t rows) const;
    // Whether the sweep was the last one, by the largest changes in it and in the one before.
    static bool done(float largest, float previous, int sweep);
    // All sweeps over all voxels; returns their number.
    int advance() const;

private:
    VoxelGrid grid_;
    Exchange exchange_;
    std::span<const float> release_, start_;
    std::span<float> glutamate_;
};

}  // namespace respine
