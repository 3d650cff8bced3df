#include "kernels/plasticity/translation.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"

namespace respine {

double lost_resting_current(double resting_block, double receptors) {
    return std::max(0.0, 1.0 - receptors * (1.0 - resting_block));
}

double advance_translation(const TranslationParams& p, double lost, double dt, double translation) {
    const double settled = lost / (lost + p.half);
    return settled + (translation - settled) * det_exp(-dt / p.time_constant);
}

double translated_share(const TranslationParams& p, double translation, double freed) {
    return translation + (1.0 - translation) * p.mglu23 * freed;
}

}  // namespace respine
