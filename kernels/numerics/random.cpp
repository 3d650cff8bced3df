#include "kernels/numerics/random.hpp"

// Written for each vector width: left to itself GCC multiplies whole 64-bit lanes, at three times the price.
#if defined(RESPINE_SIMD_CLONES) && defined(__x86_64__)
#include <immintrin.h>
#pragma GCC diagnostic ignored "-Wuninitialized"  // false alarms in GCC 12's own header (PR 105593)
#endif

namespace respine {

namespace {

constexpr u32 kMultiplierA = 0xD2511F53U, kMultiplierC = 0xCD9E8D57U, kWeylLow = 0x9E3779B9U,
              kWeylHigh = 0xBB67AE85U;
constexpr int kRounds = 10;

void baseline_lanes(u64 seed, Stream stream, u32 id, u32 first, u32 tick, PhiloxLanes& out) {
    u32 k0 = static_cast<u32>(seed), k1 = static_cast<u32>(seed >> 32);
    auto& [a, b, c, d] = out.word;
    for (size_t l = 0; l < kPhiloxLanes; ++l) {
        a[l] = id;
        b[l] = first + static_cast<u32>(l);
        c[l] = tick;
        d[l] = static_cast<u32>(stream);
    }
    for (int round = 0; round < kRounds; ++round) {
#pragma omp simd
        for (size_t l = 0; l < kPhiloxLanes; ++l) {
            const u64 p = static_cast<u64>(a[l]) * kMultiplierA, q = static_cast<u64>(c[l]) * kMultiplierC;
            const u32 a1 = static_cast<u32>(q >> 32) ^ b[l] ^ k0, c1 = static_cast<u32>(p >> 32) ^ d[l] ^ k1;
            b[l] = static_cast<u32>(q);
            d[l] = static_cast<u32>(p);
            a[l] = a1;
            c[l] = c1;
        }
        k0 += kWeylLow;
        k1 += kWeylHigh;
    }
}

#if defined(RESPINE_SIMD_CLONES) && defined(__x86_64__)

// Each word lies in the low half of a 64-bit lane; what is left in the high half is never read by the
// multiplication.
__attribute__((target("avx2"))) void avx2_lanes(u64 seed, Stream stream, u32 id, u32 first, u32 tick,
                                                PhiloxLanes& out) {
    constexpr size_t kParts = kPhiloxLanes / 4;
    __m256i a[kParts], b[kParts], c[kParts], d[kParts];
    for (size_t h = 0; h < kParts; ++h) {
        const __m128i lane = _mm_add_epi32(_mm_set1_epi32(static_cast<int>(first + 4U * static_cast<u32>(h))),
                                           _mm_setr_epi32(0, 1, 2, 3));
        a[h] = _mm256_set1_epi64x(id);
        b[h] = _mm256_cvtepu32_epi64(lane);
        c[h] = _mm256_set1_epi64x(tick);
        d[h] = _mm256_set1_epi64x(static_cast<u32>(stream));
    }
    const __m256i multiply_a = _mm256_set1_epi64x(kMultiplierA),
                  multiply_c = _mm256_set1_epi64x(kMultiplierC);
    u32 k0 = static_cast<u32>(seed), k1 = static_cast<u32>(seed >> 32);
    for (int round = 0; round < kRounds; ++round) {
        const __m256i key0 = _mm256_set1_epi64x(k0), key1 = _mm256_set1_epi64x(k1);
        for (size_t h = 0; h < kParts; ++h) {
            const __m256i p = _mm256_mul_epu32(a[h], multiply_a), q = _mm256_mul_epu32(c[h], multiply_c);
            a[h] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(q, 32), b[h]), key0);
            c[h] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p, 32), d[h]), key1);
            b[h] = q;
            d[h] = p;
        }
        k0 += kWeylLow;
        k1 += kWeylHigh;
    }
    const __m256i low_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    for (size_t h = 0; h < kParts; ++h) {
        const __m256i words[4] = {a[h], b[h], c[h], d[h]};
        for (size_t w = 0; w < 4; ++w)
            _mm_store_si128(reinterpret_cast<__m128i*>(&out.word[w][4 * h]),
                            _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(words[w], low_halves)));
    }
}

__attribute__((target("avx512f"))) void avx512_lanes(u64 seed, Stream stream, u32 id, u32 first, u32 tick,
                                                     PhiloxLanes& out) {
    const __m256i lane = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)),
                                          _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m512i a = _mm512_set1_epi64(id), b = _mm512_cvtepu32_epi64(lane), c = _mm512_set1_epi64(tick),
            d = _mm512_set1_epi64(static_cast<u32>(stream));
    const __m512i multiply_a = _mm512_set1_epi64(kMultiplierA), multiply_c = _mm512_set1_epi64(kMultiplierC);
    constexpr int kXorOfThree = 0x96;
    u32 k0 = static_cast<u32>(seed), k1 = static_cast<u32>(seed >> 32);
    for (int round = 0; round < kRounds; ++round) {
        const __m512i p = _mm512_mul_epu32(a, multiply_a), q = _mm512_mul_epu32(c, multiply_c);
        a = _mm512_ternarylogic_epi64(_mm512_srli_epi64(q, 32), b, _mm512_set1_epi64(k0), kXorOfThree);
        c = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p, 32), d, _mm512_set1_epi64(k1), kXorOfThree);
        b = q;
        d = p;
        k0 += kWeylLow;
        k1 += kWeylHigh;
    }
    const __m512i words[4] = {a, b, c, d};
    for (size_t w = 0; w < 4; ++w)
        _mm256_store_si256(reinterpret_cast<__m256i*>(out.word[w].data()), _mm512_cvtepi64_epi32(words[w]));
}

using Lanes = void (*)(u64, Stream, u32, u32, u32, PhiloxLanes&);
const Lanes widest_lanes = __builtin_cpu_supports("avx512f") ? avx512_lanes
                           : __builtin_cpu_supports("avx2")  ? avx2_lanes
                                                             : baseline_lanes;

#else

constexpr auto widest_lanes = baseline_lanes;

#endif

}  // namespace

void philox_lanes(u64 seed, Stream stream, u32 id, u32 first, u32 tick, PhiloxLanes& out) {
    widest_lanes(seed, stream, id, first, tick, out);
}

}  // namespace respine
