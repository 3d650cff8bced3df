// Release of translation: a blocker that reaches NMDA receptors at rest silences eEF2 kinase, and dendritic
// translation of BDNF starts.
//
//   dX/dt = (X_inf - X) / tau
//   X_inf = c / (1 + c)
//   c = sum over drugs of C / EC50_rest
//
//   X     translation released [1], 0 without drug
//   C     unbound brain concentration [uM], constant over dt: exact
//   tau   [h]
//   dt    [h]
//
// Memantine does not reach resting receptors in magnesium, so its file has no EC50_rest and X stays 0
// (Gideons et al. 2014).
// Source: Autry et al. 2011, 10.1038/nature10130 (direction).
// Values: configs/models/*.yaml, configs/drugs/*.yaml.
#pragma once

#include "kernels/numerics/parameter.hpp"

namespace respine {

struct TranslationParams {
    double time_constant;  // [h]
};
inline constexpr Parameter<TranslationParams> kTranslationParameters[] = {
    {"time_constant", "h", &TranslationParams::time_constant, 0.01, 24,
     "time constant of the release of translation"},
};

// `exposure` is c, the summed C / EC50_rest. Returns X after dt.
double advance_translation(const TranslationParams& p, double exposure, double dt, double translation);

}  // namespace respine
