// Vectors for hot row loops that the compiler does not turn into good code by itself, above all gathers.
//
// A file of such loops is written once, against the names below, and compiled for each instruction set by
// kernels/numerics/each_simd.hpp. All variants work on kLanes lanes, as kParts vectors of kWidth; additions
// keep their order, so the bits agree.
//
//   F32, I32           vectors; + - * & | >> << and comparisons as for numbers (GCC vector extensions)
//   load_u16           kWidth of them, and so load_u32 and load_ids
//   store_u16          keeps [0, 65535]
//   store_u32          kWidth of them
//   gather_first       base[id] for the first `left` lanes, 0 for the others
//   load_each          base[offset[l]], a load for each lane
//   to_float, to_int   conversions; to_int cuts
//   as_float, as_int   the same bits
//   high_half          the upper 16 bits of each lane
//   low_bytes          the sum of the two lowest bytes of each lane
//   fill               the same value in all lanes
//   Mask               one bit a lane or all bits of it; from less(a, b) and has_bit(v, bit)
//   both, either       of two masks; choose(mask, a, b): a where it is set
//   first(left)        all bits set in the first `left` lanes; first_lanes(left): the same as a mask
//   lanes_of(mask)     one bit a lane
//   fold               sum of kLanes lanes: l with l + 8, then l + 4, l + 2, l + 1
#pragma once

#include <array>
#include <bit>

#include "kernels/numerics/source_ids.hpp"

#if defined(RESPINE_SIMD_CLONES) && defined(__x86_64__)
#define RESPINE_SIMD_VARIANTS 1
#include <immintrin.h>
#pragma GCC diagnostic ignored "-Wuninitialized"  // false alarms in GCC 12's own header (PR 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed to inlined functions only
#define RESPINE_INLINE __attribute__((always_inline)) inline

namespace respine {

inline constexpr size_t kLanes = 16;

namespace simd_baseline {

inline constexpr size_t kWidth = 4, kParts = kLanes / kWidth;
typedef float F32 __attribute__((vector_size(16)));
typedef i32 I32 __attribute__((vector_size(16)));

RESPINE_INLINE I32 fill(i32 v) { return I32{v, v, v, v}; }
RESPINE_INLINE F32 fill(float v) { return F32{v, v, v, v}; }
// Widening interleaves with zeros, one instruction a step everywhere; conversions of narrow vectors become
// single lanes in GCC 12.
typedef u8 Bytes __attribute__((vector_size(16)));
typedef u16 Halves __attribute__((vector_size(16)));
RESPINE_INLINE I32 widened(Halves v) {
    return std::bit_cast<I32>(__builtin_shufflevector(v, Halves{}, 0, 8, 1, 9, 2, 10, 3, 11));
}
RESPINE_INLINE Halves widened(Bytes v) {
    return std::bit_cast<Halves>(
        __builtin_shufflevector(v, Bytes{}, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
}
RESPINE_INLINE I32 load_u16(const u16* at) {
    typedef u64 Two __attribute__((vector_size(16)));
    return widened(
        std::bit_cast<Halves>(Two{std::bit_cast<u64>(*reinterpret_cast<const std::array<u16, 4>*>(at)), 0}));
}
RESPINE_INLINE I32 load_u32(const u32* at) {
    return std::bit_cast<I32>(*reinterpret_cast<const std::array<u32, 4>*>(at));
}
RESPINE_INLINE I32 load_ids(SourceView ids, u64 k) {
    const u32 high = std::bit_cast<u32>(*reinterpret_cast<const std::array<u8, 4>*>(ids.high + k));
    typedef u32 Four __attribute__((vector_size(16)));
    return load_u16(ids.low + k) | (widened(widened(std::bit_cast<Bytes>(Four{high, 0, 0, 0}))) << 16);
}
RESPINE_INLINE void store_u16(u16* at, I32 v) {
    for (size_t l = 0; l < kWidth; ++l) at[l] = static_cast<u16>(v[l] < 0 ? 0 : v[l] > 65535 ? 65535 : v[l]);
}
RESPINE_INLINE void store_u32(u32* at, I32 v) {
    *reinterpret_cast<std::array<u32, 4>*>(at) = std::bit_cast<std::array<u32, 4>>(v);
}
RESPINE_INLINE F32 to_float(I32 v) { return __builtin_convertvector(v, F32); }
RESPINE_INLINE I32 to_int(F32 v) { return __builtin_convertvector(v, I32); }
RESPINE_INLINE F32 as_float(I32 v) { return std::bit_cast<F32>(v); }
RESPINE_INLINE I32 as_int(F32 v) { return std::bit_cast<I32>(v); }
typedef u32 U32 __attribute__((vector_size(16)));
RESPINE_INLINE I32 high_half(I32 v) { return reinterpret_cast<I32>(reinterpret_cast<U32>(v) >> 16); }
RESPINE_INLINE I32 low_bytes(I32 v) { return (v & 0xff) + ((v >> 8) & 0xff); }
#include "kernels/numerics/simd_masks.inc"
RESPINE_INLINE I32 first(int left) { return I32{0, 1, 2, 3} < fill(left); }
RESPINE_INLINE Mask first_lanes(int left) { return first(left); }
RESPINE_INLINE u32 lanes_of(Mask mask) {
    u32 bits = 0;
    for (size_t l = 0; l < kWidth; ++l) bits |= (static_cast<u32>(mask[l]) & 1U) << l;
    return bits;
}
RESPINE_INLINE F32 gather_first(const float* base, I32 id, int left) {
    if (left >= static_cast<int>(kWidth)) return F32{base[id[0]], base[id[1]], base[id[2]], base[id[3]]};
    F32 out = fill(0.0F);
    for (int l = 0; l < static_cast<int>(kWidth); ++l)
        if (l < left) out[l] = base[id[l]];
    return out;
}
RESPINE_INLINE F32 load_each(const float* base, const u16* offset) {
    return F32{base[offset[0]], base[offset[1]], base[offset[2]], base[offset[3]]};
}
RESPINE_INLINE float fold(F32 v) { return (v[0] + v[2]) + (v[1] + v[3]); }
RESPINE_INLINE float fold(const F32 (&part)[kParts]) {
    return fold((part[0] + part[2]) + (part[1] + part[3]));
}

}  // namespace simd_baseline

#ifdef RESPINE_SIMD_VARIANTS

#pragma GCC push_options
#pragma GCC target("avx2")
namespace simd_avx2 {

inline constexpr size_t kWidth = 8, kParts = kLanes / kWidth;
typedef float F32 __attribute__((vector_size(32)));
typedef i32 I32 __attribute__((vector_size(32)));

RESPINE_INLINE I32 fill(i32 v) { return reinterpret_cast<I32>(_mm256_set1_epi32(v)); }
RESPINE_INLINE F32 fill(float v) { return _mm256_set1_ps(v); }
RESPINE_INLINE I32 load_u16(const u16* at) {
    return reinterpret_cast<I32>(
        _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))));
}
RESPINE_INLINE I32 load_u32(const u32* at) {
    return reinterpret_cast<I32>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
}
RESPINE_INLINE I32 load_ids(SourceView ids, u64 k) {
    const I32 high = reinterpret_cast<I32>(
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(ids.high + k))));
    return load_u16(ids.low + k) | (high << 16);
}
RESPINE_INLINE void store_u16(u16* at, I32 v) {
    const __m256i packed =
        _mm256_packus_epi32(reinterpret_cast<__m256i>(v), reinterpret_cast<__m256i>(v));  // within each half
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at),
                     _mm256_castsi256_si128(_mm256_permute4x64_epi64(packed, 0x08)));
}
RESPINE_INLINE void store_u32(u32* at, I32 v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), reinterpret_cast<__m256i>(v));
}
RESPINE_INLINE F32 to_float(I32 v) { return _mm256_cvtepi32_ps(reinterpret_cast<__m256i>(v)); }
RESPINE_INLINE I32 to_int(F32 v) { return reinterpret_cast<I32>(_mm256_cvttps_epi32(v)); }
RESPINE_INLINE F32 as_float(I32 v) { return reinterpret_cast<F32>(v); }
RESPINE_INLINE I32 as_int(F32 v) { return reinterpret_cast<I32>(v); }
typedef u32 U32 __attribute__((vector_size(32)));
RESPINE_INLINE I32 high_half(I32 v) { return reinterpret_cast<I32>(reinterpret_cast<U32>(v) >> 16); }
RESPINE_INLINE I32 low_bytes(I32 v) {
    const __m256i pairs = _mm256_maddubs_epi16(reinterpret_cast<__m256i>(v), _mm256_set1_epi8(1));
    return reinterpret_cast<I32>(pairs) & 0xffff;
}
#include "kernels/numerics/simd_masks.inc"
RESPINE_INLINE I32 first(int left) { return I32{0, 1, 2, 3, 4, 5, 6, 7} < fill(left); }
RESPINE_INLINE Mask first_lanes(int left) { return first(left); }
RESPINE_INLINE u32 lanes_of(Mask mask) {
    return static_cast<u32>(_mm256_movemask_ps(reinterpret_cast<F32>(mask)));
}
RESPINE_INLINE F32 gather_first(const float* base, I32 id, int left) {
    return _mm256_mask_i32gather_ps(fill(0.0F), base, reinterpret_cast<__m256i>(id),
                                    reinterpret_cast<F32>(first(left)), 4);
}
// Four offsets come with one load.
RESPINE_INLINE __m128 load_four(const float* base, const u16* offset) {
    const u64 four = std::bit_cast<u64>(*reinterpret_cast<const std::array<u16, 4>*>(offset));
    return _mm_set_ps(base[four >> 48], base[four >> 32 & 0xffff], base[four >> 16 & 0xffff],
                      base[four & 0xffff]);
}
RESPINE_INLINE F32 load_each(const float* base, const u16* offset) {
    return reinterpret_cast<F32>(_mm256_set_m128(load_four(base, offset + 4), load_four(base, offset)));
}
RESPINE_INLINE float fold(F32 v) {
    const __m128 four = _mm256_castps256_ps128(v) + _mm256_extractf128_ps(v, 1),
                 two = four + _mm_movehl_ps(four, four);
    return two[0] + two[1];
}
RESPINE_INLINE float fold(const F32 (&part)[kParts]) { return fold(part[0] + part[1]); }

}  // namespace simd_avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")
namespace simd_avx512 {

inline constexpr size_t kWidth = 16, kParts = kLanes / kWidth;
typedef float F32 __attribute__((vector_size(64)));
typedef i32 I32 __attribute__((vector_size(64)));

RESPINE_INLINE I32 fill(i32 v) { return reinterpret_cast<I32>(_mm512_set1_epi32(v)); }
RESPINE_INLINE F32 fill(float v) { return _mm512_set1_ps(v); }
RESPINE_INLINE I32 load_u16(const u16* at) {
    return reinterpret_cast<I32>(
        _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at))));
}
RESPINE_INLINE I32 load_u32(const u32* at) { return reinterpret_cast<I32>(_mm512_loadu_si512(at)); }
RESPINE_INLINE I32 load_ids(SourceView ids, u64 k) {
    const I32 high = reinterpret_cast<I32>(
        _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(ids.high + k))));
    return load_u16(ids.low + k) | (high << 16);
}
RESPINE_INLINE void store_u16(u16* at, I32 v) {
    const __m512i positive = _mm512_max_epi32(reinterpret_cast<__m512i>(v), _mm512_setzero_si512());
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm512_cvtusepi32_epi16(positive));
}
RESPINE_INLINE void store_u32(u32* at, I32 v) { _mm512_storeu_si512(at, reinterpret_cast<__m512i>(v)); }
RESPINE_INLINE F32 to_float(I32 v) { return _mm512_cvtepi32_ps(reinterpret_cast<__m512i>(v)); }
RESPINE_INLINE I32 to_int(F32 v) { return reinterpret_cast<I32>(_mm512_cvttps_epi32(v)); }
RESPINE_INLINE F32 as_float(I32 v) { return reinterpret_cast<F32>(v); }
RESPINE_INLINE I32 as_int(F32 v) { return reinterpret_cast<I32>(v); }
typedef u32 U32 __attribute__((vector_size(64)));
RESPINE_INLINE I32 high_half(I32 v) { return reinterpret_cast<I32>(reinterpret_cast<U32>(v) >> 16); }
RESPINE_INLINE I32 low_bytes(I32 v) {
    const __m512i pairs = _mm512_maddubs_epi16(reinterpret_cast<__m512i>(v), _mm512_set1_epi8(1));
    return reinterpret_cast<I32>(pairs) & 0xffff;
}
typedef __mmask16 Mask;
RESPINE_INLINE Mask less(I32 a, I32 b) {
    return _mm512_cmplt_epi32_mask(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b));
}
RESPINE_INLINE Mask has_bit(I32 v, i32 bit) {
    return _mm512_test_epi32_mask(reinterpret_cast<__m512i>(v), _mm512_set1_epi32(bit));
}
RESPINE_INLINE Mask both(Mask a, Mask b) { return _kand_mask16(a, b); }
RESPINE_INLINE Mask either(Mask a, Mask b) { return _kor_mask16(a, b); }
RESPINE_INLINE I32 choose(Mask mask, I32 a, I32 b) {
    return reinterpret_cast<I32>(
        _mm512_mask_blend_epi32(mask, reinterpret_cast<__m512i>(b), reinterpret_cast<__m512i>(a)));
}
RESPINE_INLINE Mask first_lanes(int left) {
    return static_cast<__mmask16>(left <= 0 ? 0U : left >= 16 ? 0xffffU : (1U << left) - 1U);
}
RESPINE_INLINE I32 first(int left) { return reinterpret_cast<I32>(_mm512_movm_epi32(first_lanes(left))); }
RESPINE_INLINE u32 lanes_of(Mask mask) { return mask; }
RESPINE_INLINE F32 gather_first(const float* base, I32 id, int left) {
    return _mm512_mask_i32gather_ps(fill(0.0F), first_lanes(left), reinterpret_cast<__m512i>(id), base, 4);
}
using simd_avx2::load_four;
RESPINE_INLINE F32 load_each(const float* base, const u16* offset) {
    const __m256 low = _mm256_set_m128(load_four(base, offset + 4), load_four(base, offset)),
                 high = _mm256_set_m128(load_four(base, offset + 12), load_four(base, offset + 8));
    return reinterpret_cast<F32>(_mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1));
}
RESPINE_INLINE float fold(F32 v) {
    const __m256 eight = _mm512_castps512_ps256(v) + _mm512_extractf32x8_ps(v, 1);
    const __m128 four = _mm256_castps256_ps128(eight) + _mm256_extractf128_ps(eight, 1),
                 two = four + _mm_movehl_ps(four, four);
    return two[0] + two[1];
}
RESPINE_INLINE float fold(const F32 (&part)[kParts]) { return fold(part[0]); }

}  // namespace simd_avx512
#pragma GCC pop_options

#endif

}  // namespace respine
#pragma GCC diagnostic pop
