// Compiles RESPINE_SIMD_BODY once for every instruction set, each in the namespace of its vectors
// (kernels/numerics/simd.hpp). RESPINE_SIMD_BEST(f) is the widest f that this processor runs. Included once
// by each .cpp with such loops; no include guard.

#include "kernels/numerics/simd.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"

namespace respine::simd_baseline {
#include RESPINE_SIMD_BODY
}

#ifdef RESPINE_SIMD_VARIANTS

#pragma GCC push_options
#pragma GCC target("avx2")
namespace respine::simd_avx2 {
#include RESPINE_SIMD_BODY
}
#pragma GCC pop_options

#ifndef RESPINE_SIMD_NARROW
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")
namespace respine::simd_avx512 {
#include RESPINE_SIMD_BODY
}
#pragma GCC pop_options

#define RESPINE_SIMD_BEST(f)                                                     \
    (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && \
             __builtin_cpu_supports("avx512vl")                                  \
         ? simd_avx512::f                                                        \
     : __builtin_cpu_supports("avx2") ? simd_avx2::f                             \
                                      : simd_baseline::f)
#else  // as on a processor without AVX-512, to compare results
#define RESPINE_SIMD_BEST(f) (__builtin_cpu_supports("avx2") ? simd_avx2::f : simd_baseline::f)
#endif

#else

#define RESPINE_SIMD_BEST(f) simd_baseline::f

#endif

#pragma GCC diagnostic pop
