#include "kernels/plasticity/translation.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

double advance_translation(const TranslationParams& p, double lost, double dt, double translation) {
    const double settled = lost / (lost + p.half);
    return settled + (translation - settled) * det_exp(-dt / p.time_constant);
}

}  // namespace respine
