// Randomness as a function: Philox 4x32-10 of (seed, stream, global id, counter, tick). No generator is ever
// passed around, so a draw does not depend on which thread makes it, nor on what was drawn before.
//
//   counter words: id, counter, tick, stream     key words: seed low, seed high
// Source: Salmon et al. 2011, 10.1145/2063384.2063405; implementation: Random123 (tests compare the lanes
// with it).
#pragma once

#ifndef R123_USE_SSE
#define R123_USE_SSE 0  // Philox needs no intrinsics, and they take longest to read
#endif
#include <Random123/philox.h>

#include <array>
#include <cmath>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/streams.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

inline Draw philox(u64 seed, Stream stream, u32 id, u32 counter, u32 tick) {
    r123::Philox4x32 generator;
    const auto r = generator({{id, counter, tick, static_cast<u32>(stream)}},
                             {{static_cast<u32>(seed), static_cast<u32>(seed >> 32)}});
    return {r[0], r[1], r[2], r[3]};
}

// Uniform on (0, 1), never 0 nor 1.
inline double unit(u32 bits) { return (static_cast<double>(bits) + 0.5) * (1.0 / 4294967296.0); }

// Standard normal by Box and Muller.
inline double normal(u32 a, u32 b) { return std::sqrt(-2.0 * det_log(unit(a))) * det_cos_turn(unit(b)); }

// Integer uniform on [0, n).
inline u32 below(u32 bits, u32 n) { return static_cast<u32>((static_cast<u64>(bits) * n) >> 32); }

// The two key words of each round, made once for many calls.
inline constexpr size_t kPhiloxRounds = 10;
struct PhiloxKeys {
    explicit PhiloxKeys(u64 seed) {
        for (u32 round = 0; round < kPhiloxRounds; ++round) {
            low[round] = static_cast<u32>(seed) + round * 0x9E3779B9U;
            high[round] = static_cast<u32>(seed >> 32) + round * 0xBB67AE85U;
        }
    }
    std::array<u64, kPhiloxRounds> low, high;
};

// Lanes of Philox side by side: lane l has counter word 1 = first + l. Eight lanes fill one AVX-512 register
// of 64-bit products.
inline constexpr size_t kPhiloxLanes = 8;

struct PhiloxLanes {
    alignas(64) std::array<std::array<u32, kPhiloxLanes>, 4> word;
};

void philox_lanes(const PhiloxKeys& keys, Stream stream, u32 id, u32 first, u32 tick, PhiloxLanes& out);

// philox(seed, stream, id, counter, tick) for counters in ascending order, made several at a time. The keys
// of the seed must outlive it.
class DrawSequence {
public:
    DrawSequence(const PhiloxKeys& keys, Stream stream, u32 id, u32 tick)
        : keys_(keys), stream_(stream), id_(id), tick_(tick) {}
    DrawSequence(PhiloxKeys&&, Stream, u32, u32) = delete;

    Draw at(u32 counter) {
        if (!filled_ || counter - first_ >= kPhiloxLanes) {
            philox_lanes(keys_, stream_, id_, counter, tick_, lanes_);
            first_ = counter;
            filled_ = true;
        }
        const size_t l = counter - first_;
        return {lanes_.word[0][l], lanes_.word[1][l], lanes_.word[2][l], lanes_.word[3][l]};
    }

private:
    const PhiloxKeys& keys_;
    Stream stream_;
    u32 id_, tick_, first_ = 0;
    bool filled_ = false;
    PhiloxLanes lanes_;
};

}  // namespace respine
