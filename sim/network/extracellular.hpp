// Extracellular glutamate over a step, in all regions and by all ranks.
#pragma once

#include "sim/network/network.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

// `release`: of each voxel by its neurons' rates [fold of baseline]; left as mGluR2/3 and drugs let it be.
void advance_extracellular(const Network& network, GlutamateParams p, const PresynapticDrugs& drugs,
                           double uptake, double hours, std::span<float> release,
                           NeuronArray<float>& glutamate, Ranks& ranks);

}  // namespace respine
