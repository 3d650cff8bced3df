// AMPA drive of a pyramidal neuron, and what the protein pool adds to its recurrent synapses.
//
//   A_i = alpha_i (1 - b_AMPA) recurrent_i / baseline_i
//   alpha_i = 1 + a P_i
//
//   A           drive [fold of own drug-free baseline]
//   recurrent   sum of w r over recurrent synapses [1]
//   b_AMPA      blocked share [1]
//   alpha       synaptic potentiation [1]
//   a           potentiation at a full pool [1]
//   P           protein pool [1]
//
// A neuron without recurrent input has no baseline to rise above: its drive is 1 - b_AMPA, so 1 without a
// blocker, as at the start.
// Source: synaptic GluA1 is up within an hour, Zaytseva et al. 2023. Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct AmpaParams {
    double potentiation;  // a [1]
};
inline constexpr Parameter<AmpaParams> kAmpaParameters[] = {
    {"potentiation", "1", &AmpaParams::potentiation, 0, 2,
     "rise of recurrent synaptic strength at a full protein pool"},
};

void drive_ampa(std::span<const float> recurrent, std::span<const float> potentiation,
                std::span<const float> baseline, double blocked, std::span<float> ampa);

void potentiate_synapses(const AmpaParams& p, std::span<const float> protein_pool,
                         std::span<float> potentiation);

}  // namespace respine
