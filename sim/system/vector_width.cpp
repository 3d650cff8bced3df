#include "sim/system/vector_width.hpp"

#define RESPINE_SIMD_BODY "sim/system/vector_width_rows.inc"
#include "kernels/numerics/each_simd.hpp"

namespace respine {

size_t vector_lanes() { return RESPINE_SIMD_BEST(lanes)(); }

}  // namespace respine
