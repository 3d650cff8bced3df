#include "kernels/plasticity/spine_size.hpp"

#include <cmath>

#include "kernels/numerics/elementary.hpp"

namespace respine {

WalkStep walk_step(const SpineSizeParams& p, double dt) {
    const double keep = det_exp(-dt / p.time);
    return {static_cast<float>(keep),
            static_cast<float>(p.sd * std::sqrt(1.0 - keep * keep) * kSizeUnits / kByteSumSd)};
}

}  // namespace respine
