#include "kernels/plasticity/newborn.hpp"

namespace respine {

NewbornStep newborn_step(const NewbornParams& p, double elimination, double dt) {
    return {p.share > 0.0, p.hazard * elimination * dt, p.maturation * dt, p.protein};
}

Infancy infancy_of(const NewbornStep& step, double homeostasis, double pool, double hazard) {
    const NewbornRates r = rates_of(step, homeostasis, pool);
    const double newborn = still_there(r.leaves());
    return {newborn, r.leaves() > 0.0 ? r.matures / r.leaves() * (1.0 - newborn) : 0.0, still_there(hazard)};
}

}  // namespace respine
