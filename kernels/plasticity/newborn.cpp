#include "kernels/plasticity/newborn.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

NewbornStep newborn_step(const NewbornParams& p, double elimination, double dt) {
    const auto chance = [dt](double rate) { return static_cast<float>(1.0 - det_exp(-rate * dt)); };
    return {p.share > 0.0, chance(p.hazard * elimination), chance(p.maturation),
            static_cast<float>(p.protein)};
}

}  // namespace respine
