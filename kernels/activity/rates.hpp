// Supralinear rate network.
//
//   tau dr_i/dt = -r_i + k_t [x_i]+^2
//   x_i = (alpha_i recurrent_i + excitation_i + M_t external_i) F_i - inhibition_i
//   F_i = (1 - nu_t)(1 - b_AMPA) + nu_t N (1 - B_i)
//   B_i = (1 - q_i) B_AB + q_i B_CD
//
//   r        rate [Hz]
//   k        gain [Hz]
//   x        input [1]
//   alpha    potentiation of recurrent E-to-E input [1]
//   M_t      what other receptors make of the external drive (kernels/activity/modulation.hpp) [1]
//   nu       NMDA share of excitatory drive [1]
//   N        NMDA receptors over their number without drug [1]
//   B_i      blocked share of NMDA receptors [1]
//   q_i      the neuron's own GluN2C + GluN2D share [1]
//   b_AMPA   blocked share of AMPA receptors [1]
//   tau      20 ms (E), 10 ms (I)
//
// External drive is glutamatergic too, so F acts on it likewise. Inhibition of a pyramidal cell may follow
// what lastingly changes in its recurrent excitation, so that the ratio of the two is kept:
//
//   inhibition_i <- phi_i inhibition_i
//   phi_i = [1 + m (alpha_i R_i - H_i) / (H_i + external_i)]+
//
//   m   matched share [1]
//   R   recurrent input of the present synapses at healthy rates [1]
//   H   the same of the healthy network [1]
//
// Sources: stabilized supralinear network, Rubin et al. 2015, 10.1016/j.neuron.2014.12.026; inhibition in
// proportion to excitation, Xue et al. 2014, 10.1038/nature13321. Values: configs/networks/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct RateGroup {
    double gain;           // k [Hz]
    double time_constant;  // tau [s]
    double nmda_share;     // nu [1]
    double block_ab;       // B of the GluN2A/GluN2B part of the mix [1]
    double block_cd;       // B of the GluN2C/GluN2D part [1]
    double ampa_block;     // b_AMPA [1]
    double receptors;      // N [1]
    double drive;          // M_t [1]
};

struct RateInput {
    std::span<const float> recurrent, potentiation;  // excitatory neurons only (empty for inhibitory groups)
    std::span<const float> excitation, external, inhibition, slow_share;
};

// k [x]+^2 of the neurons [first, last) of one group.
void settled_rates(const RateGroup& group, const RateInput& in, size_t first, size_t last,
                   std::span<float> settled);

struct Excitation {
    // alpha, R, H, external of excitatory neurons.
    std::span<const float> potentiation, recurrent, healthy, external;
};

// phi of every excitatory neuron.
void match_inhibition(double matching, const Excitation& in, std::span<float> factor);

// r <- settled + (r - settled) exp(-dt/tau): one step of the explicit integrator, dt [s].
void advance_rates(const RateGroup& group, std::span<const float> settled, double dt, size_t first,
                   size_t last, std::span<float> rate);

// F of a neuron, or in the mean of a group, of whose NMDA receptors this share is blocked.
inline double excitation_factor(const RateGroup& group, double blocked) {
    return (1.0 - group.nmda_share) * (1.0 - group.ampa_block) +
           group.nmda_share * group.receptors * (1.0 - blocked);
}

// Blocked share of a neuron's NMDA receptors.
inline double neuron_block(const RateGroup& group, float slow_share) {
    return group.block_ab + slow_share * (group.block_cd - group.block_ab);
}

// The input that gives a rate: sqrt(r / k).
double input_for_rate(double gain, double rate);

}  // namespace respine
