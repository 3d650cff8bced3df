#include "kernels/numerics/random.hpp"

#include "kernels/numerics/simd_random.hpp"

#define RESPINE_SIMD_BODY "kernels/numerics/random_lanes.inc"
#include "kernels/numerics/each_simd.hpp"

namespace respine {

namespace {

const auto widest = RESPINE_SIMD_BEST(lanes);

}  // namespace

void philox_lanes(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick, PhiloxLanes& out) {
    widest(keys, stream, id, first, tick, out);
}

}  // namespace respine
