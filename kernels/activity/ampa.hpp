// AMPA drive of a pyramidal neuron over what it is used to, and what the protein pool adds to its recurrent
// synapses.
//
//   A_i = (1 - b_AMPA) D_i / R_i
//   D_i = alpha_i S_i recurrent_i / baseline_i
//   dR_i/dt = (max(D_i, R_0) - R_i) / tau
//   alpha_i = 1 + a P_i
//
//   A           drive [fold of what the neuron is used to]
//   D           drive without a blocker [fold of own drug-free baseline]
//   R           what the neuron is used to [fold], 1 at the start
//   R_0         its least [fold], just below what turnover alone does to D
//   S           what a spike brings over what it brought at the start (kernels/activity/glutamate.hpp), times
//               1 + m o under a modulator of AMPA receptors with signed occupancy o (modulation.hpp) [1]
//   m           rise of AMPA currents where the modulator binds fully [1]
//   recurrent   sum of w r over recurrent synapses [1]
//   b_AMPA      blocked share [1]
//   alpha       synaptic potentiation [1]
//   a           potentiation at a full pool [1]
//   P           protein pool [1]
//   tau         [h]; 0 holds R at 1
//   dt          [h], D held over dt: exact
//
// The surge is a change, so it is measured against the last hours: spines that a dose has regrown drive
// their neuron more, and do not by that alone release BDNF for ever. R does not fall below R_0: scaling up
// after silence takes days, so a neuron that a tool or a deep block has silenced for hours does not take its
// old drive for a surge.
//
// A neuron without recurrent input has no baseline to rise above: its drive is 1 - b_AMPA, so 1 without a
// blocker, as at the start.
// Kept is R - 1: float would lose what milliseconds add to R itself.
// Sources: synaptic GluA1 is up within an hour, Zaytseva et al. 2023; neurons scale to their recent drive
// within hours, Turrigiano 2012, 10.1101/cshperspect.a005736 (direction). Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct AmpaParams {
    double potentiation;  // a [1]
    double habituation;   // tau [h]
    double least_habit;   // R_0 [fold]
    double modulator;     // m [1]
};
inline constexpr Parameter<AmpaParams> kAmpaParameters[] = {
    {"potentiation", "1", &AmpaParams::potentiation, 0, 2,
     "rise of recurrent synaptic strength at a full protein pool"},
    {"habituation", "h", &AmpaParams::habituation, 0, 10000,
     "time in which a neuron gets used to its drive; 0 measures against the start for ever"},
    {"least_habit", "1", &AmpaParams::least_habit, 0.1, 1,
     "least drive that a neuron gets used to, over its drug-free baseline"},
    {"modulator", "1", &AmpaParams::modulator, 0, 5,
     "rise of AMPA currents where a positive modulator binds fully"},
};

struct AmpaInput {
    std::span<const float> recurrent, potentiation, baseline;
    std::span<const float> synaptic_gain;  // S
};

// `habit` is R - 1.
void drive_ampa(const AmpaInput& in, std::span<const float> habit, double blocked, std::span<float> ampa);

// R - 1 after dt.
void get_used_to(const AmpaParams& p, const AmpaInput& in, double dt, std::span<float> habit);

void potentiate_synapses(const AmpaParams& p, std::span<const float> protein_pool,
                         std::span<float> potentiation);

}  // namespace respine
