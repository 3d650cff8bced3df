#include "kernels/plasticity/pruning.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr u32 kGroup = 4 * static_cast<u32>(kPhiloxLanes);  // synapses that share one block of Philox lanes
static_assert(kGroup == kRowStride);                        // so a group never reaches into the next row

constexpr float kFirstBits = 65536.0F;  // chances are counted in units of the 16 bits that are drawn first

// One row in one turnover.
struct Row {
    const TurnoverInput& in;
    const SynapseRows& rows;
    u32 target;
    std::span<u32> out_degree;
    std::vector<SynapseEvent>* events;
    u64 begin = rows.begin[target];
    u32 kept = rows.live[target];
    float homeostasis = homeostasis_of(in.homeostasis, kept, in.equilibrium[target]);
    float factor = kFirstBits * homeostasis;
    NewbornChances chances =
        in.newborn.any ? chances_of(in.newborn, homeostasis, in.pool[target]) : NewbornChances{0.0, 0.0};
    float newborn_dies = kFirstBits * static_cast<float>(chances.die);
    float matures_from = kFirstBits - kFirstBits * static_cast<float>(chances.mature);  // of what is drawn

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
        std::atomic_ref<u32>(out_degree[source])
            .fetch_sub(1, std::memory_order_relaxed);  // integers: the order does not matter
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

namespace respine {

namespace {

const auto turn_over_block = RESPINE_SIMD_BEST(turn_over_block);

// 2^(zero - slope x) is a float whose bits grow nearly linearly with the exponent; between powers of two they
// run above the curve. libm may round as it likes here: the bound only says where to look, the table decides.
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
                                      slope * static_cast<double>((e + 1) << kSizeTableShift));
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

void turn_over_spines(const TurnoverInput& in, const SynapseRows& rows, std::span<u32> out_degree,
                      std::span<u32> lost, std::span<std::vector<SynapseEvent>> events) {
    const size_t n = rows.live.size();
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t b = 0; b < block_count(n); ++b) {
        lost[b] = 0;
        turn_over_block(in, rows, b * kBlock, std::min(n, (b + 1) * kBlock), out_degree, lost[b],
                        events.empty() ? nullptr : &events[b]);
    }
}

}  // namespace respine
