// What an observer would score, from state variables only: a dose never appears here.
//
//   synaptic = s (1 - (1 - w_e E)(1 - w_l L)(1 - w_s T))
//   response_index = synaptic + m D (1 - synaptic) - rebound - new stress + placebo(t), kept in [-1, 1]:
//                    below 0 is worse than before treatment, as after an abrupt stop or under new stress
//   E = (alpha - 1)/(alpha_ref - 1) in [0, 1]    early part: behaviour at 3 to 6 h does not need new spines
//   L = (n - n*)/(h - n*) in [0, 1]              restored share of the deficit; where stress added synapses
//                                                (n* > h) the same is the share of the gain that is undone
//   T = mean TrkB activation in [0, 1]           surge: what is felt within the hour, gone in a few
//   placebo(t) = p (1 - (1 - r_n) exp(-t/t_on)) exp(-t/t_off), t since the latest treatment of any kind;
//                r_n is what was left of placebo(t)/p at its start, 0 at the first
//   dissociation_index = clip((arterial - 50)/150 ng/mL, 0, 2) (1 - q)
//   blood_pressure_index = clip(arterial/reference, 0, 2)
//
//   s       share of a subject's symptoms that follows potentiation and synapses [1]
//   m       share of a subject's symptoms that a conventional antidepressant relieves at its full effect [1]
//   D       build-up of a conventional antidepressant [1]
//   p       size of a subject's placebo response [1]
//   q       psychotomimetic tolerance [1]
//   alpha   mean potentiation [1]
//   n       live synapses
//   n*      drug-free equilibrium
//   h       healthy count
//   t       [h]
//
// Without a deficit (h and n* within 0.5 % of h) there are no symptoms to respond with: L and the index are
// NaN, "not defined".
// Sources: Moda-Sava et al. 2019, 10.1126/science.aat8078 (early part); Bowdle et al. 1998 (dissociation).
// Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"

namespace respine {

struct ReadoutParams {
    double early_weight;              // w_e [1]
    double late_weight;               // w_l [1]
    double surge_weight;              // w_s [1]
    double potentiation_reference;    // alpha_ref - 1 [1]
    double placebo;                   // p [1]
    double placebo_on, placebo_off;   // [h]
    double dissociation_threshold;    // [ng/mL]
    double dissociation_range;        // [ng/mL]
    double blood_pressure_reference;  // [ng/mL]
};
inline constexpr Parameter<ReadoutParams> kReadoutParameters[] = {
    {"early_weight", "1", &ReadoutParams::early_weight, 0, 1, "weight of potentiation in the response"},
    {"late_weight", "1", &ReadoutParams::late_weight, 0, 1, "weight of restored synapses in the response"},
    {"surge_weight", "1", &ReadoutParams::surge_weight, 0, 1,
     "weight of TrkB activation in the response: what is felt within the hour"},
    {"potentiation_reference", "1", &ReadoutParams::potentiation_reference, 1e-4, 2,
     "potentiation above 1 that counts as full"},
    {"placebo", "1", &ReadoutParams::placebo, 0, 1,
     "size of the placebo response; calibrated on placebo arms only"},
    {"placebo_on", "h", &ReadoutParams::placebo_on, 0.01, 1000, "rise of the placebo response"},
    {"placebo_off", "h", &ReadoutParams::placebo_off, 1, 100000, "fading of the placebo response"},
    {"dissociation_threshold", "ng/mL", &ReadoutParams::dissociation_threshold, 0, 1000,
     "arterial level where dissociation begins"},
    {"dissociation_range", "ng/mL", &ReadoutParams::dissociation_range, 1, 10000,
     "rise of the arterial level that gives index 1"},
    {"blood_pressure_reference", "ng/mL", &ReadoutParams::blood_pressure_reference, 1, 10000,
     "arterial level that gives index 1"},
};

double early_response(const ReadoutParams& p, double mean_potentiation);
double restored_share(double live, double equilibrium, double healthy);
// `hours_since`: of each treatment, the first one first; those below 0 are still to come.
double placebo_response(const ReadoutParams& p, double size, std::span<const double> hours_since);

// What a response is made of, all without unit; the last three are added and taken off as they are.
struct ResponseParts {
    double synaptic_share = 1.0;                      // s
    double early = 0.0, restored = 0.0, surge = 0.0;  // E, L, T
    double antidepressant = 0.0;                      // m D
    double rebound = 0.0, new_stress = 0.0, placebo = 0.0;
};
double response_index(const ReadoutParams& p, const ResponseParts& parts);
double dissociation_index(const ReadoutParams& p, double arterial, double tolerance);
double blood_pressure_index(const ReadoutParams& p, double arterial);

}  // namespace respine
