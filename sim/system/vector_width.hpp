// Which of the compiled variants of the hot loops this processor runs; results do not depend on it.
#pragma once

#include "kernels/numerics/types.hpp"

namespace respine {

size_t vector_lanes();  // floats in one vector: 16 AVX-512, 8 AVX2, 4 baseline

}  // namespace respine
