#include "kernels/plasticity/translation.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

double advance_translation(const TranslationParams& p, double lost, double dt, double translation) {
    const double settled = lost / (lost + p.half);
    return settled + (translation - settled) * det_exp(-dt / p.time_constant);
}

double translated_share(const TranslationParams& p, double translation, double freed) {
    return translation + (1.0 - translation) * p.mglu23 * freed;
}

}  // namespace respine
