// Growth rule for dendritic elements, an alternative to the equilibrium of each neuron: a neuron grows
// elements while its activity is inside the window and withdraws them outside it.
//
//   dz/dt = nu h (2 exp(-((Ca - xi)/zeta)^2) - 1)
//   xi = (eta + epsilon)/2
//   zeta = (epsilon - eta)/(2 sqrt(ln 2))
//
//   z         elements, the set point that replaces n* and the capacity [count]
//   Ca        activity over its drug-free baseline [fold], held over dt
//   nu        growth rate [1/d]
//   h         healthy count
//   eta       least activity for growth [fold]
//   epsilon   set point [fold]
//   dt        [d]
//
// Source: Butz & van Ooyen 2013, 10.1371/journal.pcbi.1003259. Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct GrowthRuleParams {
    double rate;       // nu [1/d] as a share of the healthy count
    double least;      // eta [fold]
    double set_point;  // epsilon [fold]
};
inline constexpr Parameter<GrowthRuleParams> kGrowthRuleParameters[] = {
    {"rate", "1/d", &GrowthRuleParams::rate, 0, 10,
     "largest growth of elements as a share of the healthy count"},
    {"least", "1", &GrowthRuleParams::least, 0, 100,
     "least activity for growth, over the drug-free baseline"},
    {"set_point", "1", &GrowthRuleParams::set_point, 0, 100,
     "activity at which growth stops, over the drug-free baseline"},
};

// Net growth at this activity, in [-1, 1].
double growth_window(const GrowthRuleParams& p, double activity);

// elements += nu healthy window(rate / baseline) dt, never below 1.
void grow_elements(const GrowthRuleParams& p, double dt, std::span<const float> rate,
                   std::span<const float> baseline, std::span<const float> healthy,
                   std::span<float> elements);

}  // namespace respine
