// Release of translation: a blocker that stays in NMDA receptors at rest silences eEF2 kinase, and dendritic
// translation of BDNF starts.
//
//   dX/dt = (X_inf - X) / tau
//   X_inf = n / (n + n_h)
//   n = [1 - N (1 - B_rest)]+
//
//   X        translation released [1], 0 without drug
//   n        resting NMDA current lost [1]
//   n_h      loss that releases half [1]
//   B_rest   block of pyramidal receptors at rest (kernels/activity/nmda_block.hpp), constant over dt: exact
//   N        NMDA receptors over their number without drug [1]
//   tau      [h]
//   dt       [h]
//
// Half of the kinase is off long before half of the receptors are blocked, so n_h is small. Memantine leaves
// a receptor at rest before it opens again, so X stays near 0 (Gideons et al. 2014): no file says so, it
// follows from trapping.
// Translation that activity itself starts stands with the release that it serves:
// kernels/plasticity/bdnf.hpp.
// Sources: Autry et al. 2011, 10.1038/nature10130 (direction). Values: configs/models/*.yaml,
// configs/drugs/*.yaml.
#pragma once

#include "kernels/numerics/parameter.hpp"

namespace respine {

struct TranslationParams {
    double time_constant;  // [h]
    double half;           // n_h [1]
};
inline constexpr Parameter<TranslationParams> kTranslationParameters[] = {
    {"time_constant", "h", &TranslationParams::time_constant, 0.01, 24,
     "time constant of the release of translation"},
    {"half", "1", &TranslationParams::half, 0.001, 1,
     "loss of resting NMDA current that releases half of the translation"},
};

// `lost` is n. Returns X after dt.
double advance_translation(const TranslationParams& p, double lost, double dt, double translation);

}  // namespace respine
