// Release of translation: a blocker that stays in NMDA receptors at rest silences eEF2 kinase, and dendritic
// translation of BDNF starts.
//
//   dX/dt = (X_inf - X) / tau
//   X_inf = n / (n + n_h)
//   n = [1 - N (1 - B_rest)]+
//   translated = X + (1 - X) X_0 f
//
//   X        translation released [1], 0 without drug
//   n        resting NMDA current lost [1]
//   n_h      loss that releases half [1]
//   B_rest   block of pyramidal receptors at rest (kernels/activity/nmda_block.hpp), constant over dt: exact
//   N        NMDA receptors over their number without drug [1]
//   X_0      share that mGluR2/3 hold back [1]
//   f        share of the occupied mGluR2/3 that an antagonist has freed (kernels/activity/glutamate.hpp) [1]
//   tau      [h]
//   dt       [h]
//
// Half of the kinase is off long before half of the receptors are blocked, so n_h is small. Memantine leaves
// a receptor at rest before it opens again, so X stays near 0 (Gideons et al. 2014): no file says so, it
// follows from trapping.
// Sources: Autry et al. 2011, 10.1038/nature10130 (direction); Dwyer et al. 2012, PMC3580765: an mGluR2/3
// antagonist starts mTORC1 without any NMDA block (direction). Values: configs/models/*.yaml,
// configs/drugs/*.yaml.
#pragma once

#include "kernels/numerics/parameter.hpp"

namespace respine {

struct TranslationParams {
    double time_constant;  // [h]
    double half;           // n_h [1]
    double mglu23;         // X_0 [1]
};
inline constexpr Parameter<TranslationParams> kTranslationParameters[] = {
    {"time_constant", "h", &TranslationParams::time_constant, 0.01, 24,
     "time constant of the release of translation"},
    {"half", "1", &TranslationParams::half, 0.001, 1,
     "loss of resting NMDA current that releases half of the translation"},
    {"mglu23", "1", &TranslationParams::mglu23, 0, 1,
     "share of the translation that mGluR2/3 hold back; 0 cuts them off"},
};

// `lost` is n. Returns X after dt.
double advance_translation(const TranslationParams& p, double lost, double dt, double translation);

// X + (1 - X) X_0 f.
double translated_share(const TranslationParams& p, double translation, double freed);

}  // namespace respine
