// The synapses of a network, seen row by row: one row per target neuron.
//
// Plastic rows (E to E): live synapses stand contiguously at the front of the row, spare places behind them.
//   source: index of the presynaptic neuron      log_size: log size as 16-bit fixed point, 8192 units per e-fold
//   birth: structural step at which it formed, counted from kBirthOrigin before the start of the run
// Fixed rows (all others) hold the source only; their weight follows from the groups of source and target.
#pragma once

#include <bit>
#include <span>

#include "kernels/types.hpp"

namespace respine {

struct SynapseRows {
    std::span<const u64> begin;  // rows + 1; row i owns places [begin[i], begin[i + 1])
    std::span<u32> live;         // rows; live synapses of each
    std::span<u32> source;
    std::span<u16> log_size;
    std::span<u16> birth;
};

struct FixedRows {
    std::span<const u64> begin;      // rows + 1
    std::span<const u32> inhibitory; // rows; how many of the row's sources, counted from its front, are inhibitory
    std::span<const u32> source;     // inhibitory sources first, then excitatory ones
};

inline constexpr u32 kBirthOrigin = 32768;  // structural steps before the start that a birth can still tell apart
inline constexpr double kSizeUnits = 8192.0;
inline constexpr double kSizeZero = 32768.0;

inline constexpr double size_from_fixed(u16 fixed) { return (static_cast<double>(fixed) - kSizeZero) / kSizeUnits; }
inline constexpr u16 size_to_fixed(double x) {
    const double u = x * kSizeUnits + kSizeZero + 0.5;
    return u <= 0.0 ? u16{0} : u >= 65535.0 ? u16{65535} : static_cast<u16>(u);
}

// Weight e^x of a synapse, as 2^(x log2 e): a polynomial costs less than a second table look-up beside that of the rate.
// The same bits everywhere; relative error below 3e-7. Lawson's minimax polynomial of 2^f on [-1/2, 1/2].
__attribute__((always_inline)) inline float spine_weight(u16 fixed) {
    constexpr float kTurns = static_cast<float>(1.4426950408889634 / kSizeUnits);
    constexpr float kToInteger = 12582912.0F;  // 1.5 * 2^23: adding it rounds to the nearest integer, which the low bits then hold
    const float t = static_cast<float>(static_cast<int>(fixed) - 32768) * kTurns;
    const float shifted = t + kToInteger, f = t - (shifted - kToInteger);
    float p = 0.001327644451521337F;
    for (float c : {0.00967553723603487F, 0.05550713464617729F, 0.24022120237350464F, 0.6931469440460205F, 1.0000001192092896F}) p = p * f + c;
    return std::bit_cast<float>(std::bit_cast<u32>(p) + (std::bit_cast<u32>(shifted) << 23));
}

// Tables over log size are indexed by its upper 12 bits: 4,096 floats stay in the first-level cache; a step is 0.002 in log size,
// so a chance of loss is off by at most 0.2 %, without bias.
inline constexpr size_t kSizeTable = 4096;
inline constexpr unsigned kSizeTableShift = 4;
inline constexpr double size_of_entry(size_t entry) {
    return (static_cast<double>((entry << kSizeTableShift) + (1U << (kSizeTableShift - 1))) - 0.5 - kSizeZero) / kSizeUnits;
}

struct SynapseEvent {
    u32 source, target;
    u16 log_size;
    bool formed;
};

}  // namespace respine
