// Fixed-width names shared by every kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace respine {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using std::size_t;

// Rows that one thread works through before the next chunk is handed out; also the block of every ordered
// sum.
inline constexpr size_t kBlock = 1024;

inline constexpr size_t block_count(size_t n) { return (n + kBlock - 1) / kBlock; }

// RESPINE_CLONES: loops that the compiler turns into vector code by itself are compiled for AVX-512, AVX2 and
// the baseline, and the loader picks one by the features of the processor (levels of x86-64; with the name of
// a processor GCC would pick a clone on exactly that processor only). Every clone runs the same operations in
// the same order (no contraction, no reassociation), so the bits agree.
#if defined(RESPINE_SIMD_NARROW) && defined(__x86_64__)
#define RESPINE_CLONES __attribute__((target_clones("default", "arch=x86-64-v3"), noinline))
#elif defined(RESPINE_SIMD_CLONES) && defined(__x86_64__)
#define RESPINE_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), noinline))
#else
#define RESPINE_CLONES __attribute__((noinline))
#endif

}  // namespace respine
