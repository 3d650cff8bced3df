#include "kernels/plasticity/translation.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

double advance_translation(const TranslationParams& p, double exposure, double dt, double translation) {
    const double settled = exposure / (1.0 + exposure);
    return settled + (translation - settled) * det_exp(-dt / p.time_constant);
}

}  // namespace respine
