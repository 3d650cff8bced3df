#include "kernels/plasticity/pruning.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"
#include "kernels/numerics/simd_random.hpp"
#include "kernels/numerics/source_count.hpp"

namespace respine {

namespace {

constexpr u32 kGroup = 4 * static_cast<u32>(kPhiloxLanes);  // synapses that share one block of Philox lanes
static_assert(kGroup == kRowStride);                        // so a group never reaches into the next row

constexpr float kFirstBits = 65536.0F;  // chances are counted in units of the 16 bits that are drawn first

// 2^23 (log2 f + 127) exceeds the bits of a float f by at most this, between powers of two.
constexpr float kAboveBits = 0.0861F * 8388608.0F;
constexpr i32 kBitsOfOne = 127 << 23;

// What multiplies the chances of a block's rows, in units of the first bits. All rows at once: in vectors.
struct BlockChances {
    std::array<float, kBlock> factor;        // m_i of each row
    std::array<float, kBlock> bound_zero;    // LossBound times it
    std::array<float, kBlock> newborn_dies;  // drawn below it
    std::array<float, kBlock> matures_from;  // drawn at or above it
};

RESPINE_CLONES void fill_chances(const TurnoverInput& in, const u32* live, size_t first, size_t n,
                                 BlockChances& out) {
    const float* const equilibrium = in.equilibrium.data() + first;
    const double c = in.homeostasis;
    const NewbornStep newborn = in.newborn;
    const float zero = in.loss.bound.zero;
#pragma omp simd
    for (size_t k = 0; k < n; ++k) {
        const float factor = kFirstBits * homeostasis_of(c, live[first + k], equilibrium[k]);
        out.factor[k] = factor;
        out.bound_zero[k] = zero + static_cast<float>(std::bit_cast<i32>(factor) - kBitsOfOne) + kAboveBits;
    }
    out.newborn_dies.fill(0.0F);
    out.matures_from.fill(kFirstBits);
    if (!newborn.any) return;
    const float* const pool = in.pool.data() + first;
#pragma omp simd
    for (size_t k = 0; k < n; ++k) {
        const NewbornChances chances = chances_of(newborn, static_cast<double>(out.factor[k] / kFirstBits),
                                                  static_cast<double>(pool[k]));
        out.newborn_dies[k] = kFirstBits * static_cast<float>(chances.die);
        out.matures_from[k] = kFirstBits - kFirstBits * static_cast<float>(chances.mature);
    }
}

// One row in one turnover.
struct Row {
    const TurnoverInput& in;
    const SynapseRows& rows;
    u32 target;
    const BlockChances& of_block;
    size_t number;  // in the block
    const SourceCount& out_degree;
    std::vector<SynapseEvent>* events;
    u64 begin = rows.begin[target];
    u32 kept = rows.live[target];
    float factor = of_block.factor[number], bound_zero = of_block.bound_zero[number],
          newborn_dies = of_block.newborn_dies[number], matures_from = of_block.matures_from[number];

    // The first 16 bits decide unless they reach the chance's last unit; then 32 more do.
    bool dies(float chance, u32 bits, u32 place) const {
        const float drawn = static_cast<float>(bits >> 16);
        if (drawn >= chance) return false;
        if (drawn + 1.0F <= chance) return true;
        return unit(philox(in.seed, Stream::kLoss, target, place, in.tick)[0]) <
               static_cast<double>(chance) - static_cast<double>(drawn);
    }

    bool matures(u32 bits, u32 place) const {
        const float drawn = static_cast<float>(bits >> 16);
        if (drawn >= matures_from) return true;
        if (drawn + 1.0F <= matures_from) return false;
        return unit(philox(in.seed, Stream::kLoss, target, place, in.tick)[1]) <
               static_cast<double>(drawn) + 1.0 - static_cast<double>(matures_from);
    }

    void decide(u32 place, u32 bits) {
        u16& size = rows.log_size[begin + place];
        const bool newborn = in.newborn.any && is_newborn(size);
        if (dies(newborn ? newborn_dies : in.loss.chance[size >> kSizeTableShift] * factor, bits, place))
            lose(begin + place);
        else if (newborn && matures(bits, place))
            size = marked_size(size, false);
    }

    void lose(u64 hole) {
        const u32 source = rows.source[hole];
        out_degree(source);
        if (events) events->push_back({source, target, rows.log_size[hole], false});
        if (in.places.most > 0 && (in.places.keeps_mark || !is_newborn(rows.log_size[hole])))
            remember_place(in.places, target, source, rows.birth[hole],
                           loss_stamp(in.tick, in.places.keeps_mark && is_newborn(rows.log_size[hole])));
        const u64 end = begin + --kept;
        rows.source.set(hole, rows.source[end]);
        rows.log_size[hole] = rows.log_size[end];
        rows.birth[hole] = rows.birth[end];
    }
};

}  // namespace
}  // namespace respine

#define RESPINE_SIMD_BODY "kernels/plasticity/turnover_rows.inc"
#include "kernels/numerics/each_simd.hpp"
#include "kernels/numerics/loops.hpp"

namespace respine {

namespace {

const auto turn_over_block = RESPINE_SIMD_BEST(turn_over_block);

// Chances lie below 2^((zero - slope x) / 2^23 - 127), and a float lies below another when its bits do, which
// are at most 2^23 (its logarithm + 127). x may be two units above the size that is looked up. libm may round
// as it likes here: the bound only says where to look, the table decides.
LossBound bound_of(std::span<const float> chance) {
    constexpr double kOctave = 1U << 23,
                     kMargin = 1.001;  // for the rounding of the float that holds the bits
    const double mid = static_cast<double>(chance[kSizeTable / 2]),
                 large = static_cast<double>(chance[3 * kSizeTable / 4]);
    const double most_slope =
        100.0 / 65536.0;  // octaves a unit: keeps the exponent of the smallest spine in range
    const double slope =
        mid > 0.0 && large > 0.0 ? std::clamp(std::log2(mid / large) / 16384.0, 0.0, most_slope) : 0.0;
    double zero = -100.0;
    for (size_t e = 0; e < chance.size(); ++e)
        if (chance[e] > 0.0F)
            zero = std::max(zero, std::log2(kMargin * static_cast<double>(chance[e])) +
                                      slope * (static_cast<double>((e + 1) << kSizeTableShift) + 2.0));
    return {static_cast<float>((zero + 127.0) * kOctave), static_cast<float>(slope * kOctave)};
}

}  // namespace

LossTable::LossTable(std::vector<float> chances) : chance(std::move(chances)), bound(bound_of(chance)) {}

double hazard_of(const PruningParams& p, double elimination, double log_size) {
    return p.hazard * elimination * det_exp(-p.steepness * log_size);
}

LossTable loss_table(const PruningParams& p, double elimination, double dt) {
    std::vector<float> chance(kSizeTable);
    for (size_t e = 0; e < chance.size(); ++e)
        chance[e] = static_cast<float>(1.0 - det_exp(-hazard_of(p, elimination, size_of_entry(e)) * dt));
    return LossTable(std::move(chance));
}

void turn_over_spines(const TurnoverInput& in, const SynapseRows& rows, size_t first, size_t last,
                      std::span<u32> out_degree, std::span<u32> lost,
                      std::span<std::vector<SynapseEvent>> events) {
    constexpr size_t kNanoseconds = 2;  // a synapse
    const bool shared = worth_threads_for(kNanoseconds * (rows.begin[last] - rows.begin[first]));
    std::vector<std::vector<u32>> noted(shared ? block_count(last) : 0);
    for_tasks(first / kBlock, block_count(last), shared, [&](size_t b) {
        const SourceCount taken{out_degree, ~0U, shared ? &noted[b] : nullptr};
        lost[b] += turn_over_block(in, rows, std::max(first, b * kBlock), std::min(last, (b + 1) * kBlock),
                                   taken, events.empty() ? nullptr : &events[b]);
    });
    if (shared) count_sources(noted, ~0U, out_degree);
}

}  // namespace respine
