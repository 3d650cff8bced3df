// States of days and weeks, one value a subject: up-regulated receptors, inflammation, the conventional
// antidepressant, tolerance to dissociation. Every one can be switched off; all are assumptions (the sources
// describe them in words).
//
//   up-regulation    u' = (b/b_ref - u)/tau_u
//   receptors        N = 1 + n min(1, u)         NMDA receptors over their number without drug
//   rebound          [N (1 - b) - 1]+            NMDA current above that without drug
//   inflammation     I' = (I_0 - I)/tau_back - k b I
//   antidepressant   D' = (min(1, s/s_full) - D)/tau_D
//   psychotomimetic  q' = k_q b (1 - q) - q/tau_q    tolerance to dissociation
//
//   n       receptors gained at full up-regulation [1]
//   b       blocked share of pyramidal NMDA receptors [1]
//   b_ref   that of a daily course [1]
//   s       occupancy of the serotonin transporter, s_full that of a usual dose [1]
//   tau     [h]
//   k, k_q  [1/h]
//   dt      [h], input held over dt: exact
//
// Values: configs/models/*.yaml.
#pragma once

#include "kernels/numerics/parameter.hpp"

namespace respine {

struct AdaptationParams {
    double receptors;               // n [1]
    double receptor_time;           // tau_u [h]
    double exposure_reference;      // block that counts as exposure 1 when held [1]
    double rebound;                 // response lost per fold of NMDA current above baseline [1]
    double inflammation_return;     // tau_back [h]
    double inflammation_relief;     // k [1/h]
    double inflammation_uptake;     // loss of glutamate uptake at inflammation 1 [1]
    double inflammation_evoked;     // loss of evoked BDNF release at inflammation 1 [1]
    double antidepressant_time;     // tau_D [h]
    double sert_full;               // s_full [1]
    double psychotomimetic_gain;    // k_q [1/h]
    double psychotomimetic_return;  // tau_q [h]
};
inline constexpr Parameter<AdaptationParams> kAdaptationParameters[] = {
    {"receptors", "1", &AdaptationParams::receptors, 0, 5,
     "NMDA receptors gained at full up-regulation, over their number without drug; 0 switches it off"},
    {"receptor_time", "h", &AdaptationParams::receptor_time, 1, 10000,
     "time constant of receptor up-regulation"},
    {"exposure_reference", "1", &AdaptationParams::exposure_reference, 1e-6, 1,
     "mean block that up-regulates receptors fully"},
    {"rebound", "1", &AdaptationParams::rebound, 0, 10,
     "response lost per fold of NMDA current above that without drug; 0 switches rebound off"},
    {"inflammation_return", "h", &AdaptationParams::inflammation_return, 1, 100000,
     "return of inflammation after the drug"},
    {"inflammation_relief", "1/h", &AdaptationParams::inflammation_relief, 0, 100,
     "fall of inflammation at full block; 0 switches relief off"},
    {"inflammation_uptake", "1", &AdaptationParams::inflammation_uptake, 0, 0.99,
     "loss of glutamate uptake at inflammation 1"},
    {"inflammation_evoked", "1", &AdaptationParams::inflammation_evoked, 0, 1,
     "loss of evoked BDNF release at inflammation 1"},
    {"antidepressant_time", "h", &AdaptationParams::antidepressant_time, 1, 10000,
     "build-up of a conventional antidepressant's effect"},
    {"sert_full", "1", &AdaptationParams::sert_full, 0.01, 1,
     "occupancy of the serotonin transporter at which a conventional antidepressant has its full effect"},
    {"psychotomimetic_gain", "1/h", &AdaptationParams::psychotomimetic_gain, 0, 100,
     "rise of the tolerance to dissociation at full block; 0 switches it off"},
    {"psychotomimetic_return", "h", &AdaptationParams::psychotomimetic_return, 1, 100000,
     "fading of the tolerance to dissociation"},
};

struct AdaptationState {
    double up_regulation = 0.0, inflammation = 0.0, antidepressant = 0.0, psychotomimetic = 0.0;
};

void advance_adaptation(const AdaptationParams& p, double block, double initial_inflammation,
                        double sert_occupancy, double dt, AdaptationState& state);

// NMDA receptors over their number without drug. While the drug is there they make up for part of what it
// blocks (tolerance); when it has gone they are too many (rebound).
double receptor_number(const AdaptationParams& p, const AdaptationState& state);

// NMDA current above and below that without drug, of N receptors with this blocked share:
// [N (1 - b) - 1]+ and [1 - N (1 - b)]+ [fold].
double excess_current(double receptors, double block);
double lost_current(double receptors, double block);

}  // namespace respine
