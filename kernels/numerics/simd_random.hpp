// Philox on vectors, for loops written against kernels/numerics/simd.hpp.
//
//   philox_store   philox_lanes
//   philox_words   the same in registers: lane kPhiloxLanes w + l is word w of call l
//
// Written for each vector width: left to itself GCC multiplies whole 64-bit lanes, at three times the price.
#pragma once

#include "kernels/numerics/random.hpp"
#include "kernels/numerics/simd.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"

namespace respine {

inline constexpr u32 kMultiplierA = 0xD2511F53U, kMultiplierC = 0xCD9E8D57U;
inline constexpr size_t kPhiloxWords = 4 * kPhiloxLanes;

namespace simd_baseline {

RESPINE_INLINE void philox_store(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                 PhiloxLanes& out) {
    auto &a = out.word[0], &b = out.word[1], &c = out.word[2], &d = out.word[3];
    for (size_t l = 0; l < kPhiloxLanes; ++l) {
        a[l] = id;
        b[l] = first + static_cast<u32>(l);
        c[l] = tick;
        d[l] = static_cast<u32>(stream);
    }
    for (size_t round = 0; round < kPhiloxRounds; ++round) {
        const u32 k0 = static_cast<u32>(keys.low[round]), k1 = static_cast<u32>(keys.high[round]);
#pragma omp simd
        for (size_t l = 0; l < kPhiloxLanes; ++l) {
            const u64 p = static_cast<u64>(a[l]) * kMultiplierA, q = static_cast<u64>(c[l]) * kMultiplierC;
            const u32 a1 = static_cast<u32>(q >> 32) ^ b[l] ^ k0, c1 = static_cast<u32>(p >> 32) ^ d[l] ^ k1;
            b[l] = static_cast<u32>(q);
            d[l] = static_cast<u32>(p);
            a[l] = a1;
            c[l] = c1;
        }
    }
}

RESPINE_INLINE void philox_words(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                 I32 (&word)[kPhiloxWords / kWidth]) {
    PhiloxLanes lanes;
    philox_store(keys, stream, id, first, tick, lanes);
    for (size_t v = 0; v < std::size(word); ++v) word[v] = load_u32(lanes.word[0].data() + v * kWidth);
}

}  // namespace simd_baseline

#ifdef RESPINE_SIMD_VARIANTS

// Below, each word lies in the low half of a 64-bit lane; what is left in the high half is never read by the
// multiplication.

#pragma GCC push_options
#pragma GCC target("avx2")
namespace simd_avx2 {

RESPINE_INLINE void philox_words(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                 I32 (&word)[kPhiloxWords / kWidth]) {
    constexpr size_t kHalves = kPhiloxLanes / 4;
    __m256i a[kHalves], b[kHalves], c[kHalves], d[kHalves];
    for (size_t h = 0; h < kHalves; ++h) {
        const __m128i lane = _mm_add_epi32(_mm_set1_epi32(static_cast<int>(first + 4U * static_cast<u32>(h))),
                                           _mm_setr_epi32(0, 1, 2, 3));
        a[h] = _mm256_set1_epi64x(id);
        b[h] = _mm256_cvtepu32_epi64(lane);
        c[h] = _mm256_set1_epi64x(tick);
        d[h] = _mm256_set1_epi64x(static_cast<u32>(stream));
    }
    const __m256i multiply_a = _mm256_set1_epi64x(kMultiplierA),
                  multiply_c = _mm256_set1_epi64x(kMultiplierC);
    for (size_t round = 0; round < kPhiloxRounds; ++round) {
        const __m256i key0 = _mm256_set1_epi64x(static_cast<i64>(keys.low[round])),
                      key1 = _mm256_set1_epi64x(static_cast<i64>(keys.high[round]));
        for (size_t h = 0; h < kHalves; ++h) {
            const __m256i p = _mm256_mul_epu32(a[h], multiply_a), q = _mm256_mul_epu32(c[h], multiply_c);
            a[h] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(q, 32), b[h]), key0);
            c[h] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p, 32), d[h]), key1);
            b[h] = q;
            d[h] = p;
        }
    }
    const __m256i low_halves = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
    const auto low_words = [&](const __m256i(&lane)[kHalves]) {
        return reinterpret_cast<I32>(
            _mm256_permute2x128_si256(_mm256_permutevar8x32_epi32(lane[0], low_halves),
                                      _mm256_permutevar8x32_epi32(lane[1], low_halves), 0x20));
    };
    word[0] = low_words(a);
    word[1] = low_words(b);
    word[2] = low_words(c);
    word[3] = low_words(d);
}

RESPINE_INLINE void philox_store(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                 PhiloxLanes& out) {
    I32 word[4];
    philox_words(keys, stream, id, first, tick, word);
    for (size_t w = 0; w < 4; ++w) store_u32(out.word[w].data(), word[w]);
}

}  // namespace simd_avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")
namespace simd_avx512 {

RESPINE_INLINE void philox_halves(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                  __m256i (&word)[4]) {
    const __m256i lane = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)),
                                          _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m512i a = _mm512_set1_epi64(id), b = _mm512_cvtepu32_epi64(lane), c = _mm512_set1_epi64(tick),
            d = _mm512_set1_epi64(static_cast<u32>(stream));
    const __m512i multiply_a = _mm512_set1_epi64(kMultiplierA), multiply_c = _mm512_set1_epi64(kMultiplierC);
    constexpr int kXorOfThree = 0x96;
    for (size_t round = 0; round < kPhiloxRounds; ++round) {
        const __m512i p = _mm512_mul_epu32(a, multiply_a), q = _mm512_mul_epu32(c, multiply_c);
        const __m512i key0 = _mm512_set1_epi64(static_cast<i64>(keys.low[round])),
                      key1 = _mm512_set1_epi64(static_cast<i64>(keys.high[round]));
        a = _mm512_ternarylogic_epi64(_mm512_srli_epi64(q, 32), b, key0, kXorOfThree);
        c = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p, 32), d, key1, kXorOfThree);
        b = q;
        d = p;
    }
    word[0] = _mm512_cvtepi64_epi32(a);
    word[1] = _mm512_cvtepi64_epi32(b);
    word[2] = _mm512_cvtepi64_epi32(c);
    word[3] = _mm512_cvtepi64_epi32(d);
}

RESPINE_INLINE void philox_words(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                 I32 (&word)[kPhiloxWords / kWidth]) {
    __m256i half[4];
    philox_halves(keys, stream, id, first, tick, half);
    for (size_t v = 0; v < 2; ++v)
        word[v] = reinterpret_cast<I32>(
            _mm512_inserti64x4(_mm512_castsi256_si512(half[2 * v]), half[2 * v + 1], 1));
}

RESPINE_INLINE void philox_store(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick,
                                 PhiloxLanes& out) {
    __m256i half[4];
    philox_halves(keys, stream, id, first, tick, half);
    for (size_t w = 0; w < 4; ++w)
        _mm256_store_si256(reinterpret_cast<__m256i*>(out.word[w].data()), half[w]);
}

}  // namespace simd_avx512
#pragma GCC pop_options

#endif

}  // namespace respine
#pragma GCC diagnostic pop
