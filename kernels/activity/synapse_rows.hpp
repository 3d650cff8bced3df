// The synapses of a network, seen row by row: one row per target neuron.
//
// Plastic rows (E to E): live synapses stand contiguously at the front of the row, spare places behind them.
// Rows begin at multiples of kRowStride places, so vector code never writes into a neighbour.
//
//   source     number of the presynaptic neuron in rows (source_numbers.hpp)
//   log_size   log size as 16-bit fixed point, 4096 units per octave
//   birth      structural step at which it formed, counted from kBirthOrigin before the start of the run
//
// Fixed rows (all others) hold the source, and in networks of users a size too: relative to the mean of its
// pair of groups, whose weight it multiplies. Without sizes every synapse has that mean.
#pragma once

#include <bit>
#include <iterator>
#include <span>

#include "kernels/numerics/source_ids.hpp"

namespace respine {

struct SynapseRows {
    std::span<const u64> begin;  // rows + 1; row i owns places [begin[i], begin[i + 1])
    std::span<u32> live;         // rows; live synapses of each
    SourceSpan source;
    std::span<u16> log_size;
    std::span<u16> birth;
};

struct FixedRows {
    std::span<const u64> begin;  // rows + 1
    // Rows; how many of the row's sources, counted from its front, are inhibitory.
    std::span<const u32> inhibitory;
    SourceView source;                   // inhibitory sources first, then excitatory ones
    std::span<const u16> log_size = {};  // as in plastic rows, kReadAhead longer than the source; or empty
};

// Structural steps before the start that a birth can still tell apart.
inline constexpr u32 kBirthOrigin = 32768;
inline constexpr u64 kRowStride = 32;  // places; a multiple of every vector width

inline constexpr u64 round_up_to_stride(u64 places) {
    return (places + kRowStride - 1) / kRowStride * kRowStride;
}

// Log sizes count in 1/4096 octave: the upper 4 bits are the exponent of the weight, the lower 12 go into a
// polynomial.
inline constexpr unsigned kOctaveBits = 12;
inline constexpr double kSizeUnits = (1U << kOctaveBits) * 1.4426950408889634074;  // per e-fold
inline constexpr double kSizeZero = 32768.0;

inline constexpr double size_from_fixed(u16 fixed) {
    return (static_cast<double>(fixed) - kSizeZero) / kSizeUnits;
}
inline constexpr u16 size_to_fixed(double x) {
    const double u = x * kSizeUnits + kSizeZero + 0.5;
    return u <= 0.0 ? u16{0} : u >= 65535.0 ? u16{65535} : static_cast<u16>(u);
}

// Lawson's minimax polynomial of 2^(m - 1) on [1, 2], highest power first, times 2^-8 for the size that
// stands for weight 1. Its relative error stays below 8e-5, that of the rounded size itself.
inline constexpr float kPowerOfTwo[] = {0.07802452F / 256.0F, -0.0080064F / 256.0F, 0.47777276F / 256.0F,
                                        0.45213434F / 256.0F};

// Weight e^x of a synapse. Its fixed-point size is shifted into the place of a float's exponent and fraction.
inline float spine_weight(u16 fixed) {
    const u32 bits = static_cast<u32>(fixed) << (23 - kOctaveBits);
    const float m = std::bit_cast<float>((bits & 0x007fffffU) | 0x3f800000U);
    float p = kPowerOfTwo[0];
    for (size_t k = 1; k < std::size(kPowerOfTwo); ++k) p = p * m + kPowerOfTwo[k];
    return std::bit_cast<float>(std::bit_cast<u32>(p) + (bits & 0x7f800000U));
}

// Tables over log size are indexed by its upper 12 bits: 4,096 floats stay in the first-level cache; a step
// is 0.0027 in log size, so a chance of loss is off by at most 0.3 %, without bias.
inline constexpr size_t kSizeTable = 4096;
inline constexpr unsigned kSizeTableShift = 4;
inline constexpr double size_of_entry(size_t entry) {
    return (static_cast<double>((entry << kSizeTableShift) + (1U << (kSizeTableShift - 1))) - 0.5 -
            kSizeZero) /
           kSizeUnits;
}

struct SynapseEvent {
    u32 source, target;  // source: its number in rows until the event is told
    u16 log_size;
    bool formed;
};

}  // namespace respine
