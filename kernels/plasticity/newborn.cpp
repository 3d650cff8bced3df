#include "kernels/plasticity/newborn.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

namespace {

struct Rates {
    double dies, matures;
    double leaves() const { return dies + matures; }
};

Rates rates_of(const NewbornStep& step, double homeostasis, double pool) {
    return {step.dies * homeostasis, step.matures * (1.0 + step.protein * pool)};
}

// Mean of e^(-rate s) over s from 0 to 1; a series where the difference would cancel.
double still_there(double rate) { return rate < 1e-4 ? 1.0 - 0.5 * rate : (1.0 - det_exp(-rate)) / rate; }

}  // namespace

NewbornStep newborn_step(const NewbornParams& p, double elimination, double dt) {
    return {p.share > 0.0, p.hazard * elimination * dt, p.maturation * dt, p.protein};
}

NewbornChances chances_of(const NewbornStep& step, double homeostasis, double pool) {
    const Rates r = rates_of(step, homeostasis, pool);
    const double left = still_there(r.leaves());  // times the rate it is the chance to leave
    return {r.dies * left, r.matures * left};
}

Infancy infancy_of(const NewbornStep& step, double homeostasis, double pool, double hazard) {
    const Rates r = rates_of(step, homeostasis, pool);
    const double newborn = still_there(r.leaves());
    return {newborn, r.leaves() > 0.0 ? r.matures / r.leaves() * (1.0 - newborn) : 0.0, still_there(hazard)};
}

}  // namespace respine
