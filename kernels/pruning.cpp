#include "kernels/pruning.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "kernels/elementary.hpp"

namespace respine {

namespace {

constexpr size_t kWords = 4;
constexpr size_t kGroup = kWords * kPhiloxLanes;  // synapses that share one block of Philox lanes

// Spines above this size die so rarely that comparing with one bound for all of them clears nearly every group; it decides no fate.
constexpr int kSafeSize = 32768 - 10240;  // log size -1.25

constexpr float kFirstBits = 65536.0F;  // chances are counted in units of the 16 bits that are drawn first

// Walks up to kGroup sizes. Returns whether any of them might die.
__attribute__((always_inline)) inline bool walk_group(const WalkStep& walk, float safe_chance, const PhiloxLanes& lanes, size_t n, u16* size) {
    u16 buffer[kGroup] = {};
    if (n == kGroup) std::memcpy(buffer, size, sizeof(buffer));
    else std::copy(size, size + n, buffer);
    const int bound = static_cast<int>(std::min(65536.0F, safe_chance)) + 1;
    int any = 0;
    for (size_t w = 0; w < kWords; ++w) {
        u16* const part = buffer + w * kPhiloxLanes;
#pragma omp simd reduction(| : any)
        for (size_t l = 0; l < kPhiloxLanes; ++l) {
            const u32 bits = lanes.word[w][l];
            const int now = walked_size(walk, part[l], bits);
            part[l] = static_cast<u16>(now);
            any |= (static_cast<int>(bits >> 16) < bound ? 1 : 0) | (now < kSafeSize ? 1 : 0);
        }
    }
    if (n == kGroup) std::memcpy(size, buffer, sizeof(buffer));
    else std::copy(buffer, buffer + n, size);
    return any != 0;
}

// The first 16 bits decide unless they reach the chance's last unit; then 32 more do.
bool dies(float chance, u32 bits, const TurnoverInput& in, u32 target, u32 place) {
    const float first = static_cast<float>(bits >> 16);
    if (first >= chance) return false;
    if (first + 1.0F <= chance) return true;
    return unit(philox(in.seed, Stream::kLoss, target, place, in.tick)[0]) < static_cast<double>(chance) - static_cast<double>(first);
}

void forget(std::span<u32> out_degree, u32 source) {
    std::atomic_ref<u32>(out_degree[source]).fetch_sub(1, std::memory_order_relaxed);  // integers: the order does not matter
}

RESPINE_CLONES void turn_over_block(const TurnoverInput& in, float safe_chance, const SynapseRows& rows, size_t first, size_t last,
                                    std::span<u32> out_degree, u32& lost, std::vector<SynapseEvent>* events) {
    constexpr u32 kSlots = static_cast<u32>(kGroup);
    for (size_t i = first; i < last; ++i) {
        const u64 at = rows.begin[i];
        const u32 live = rows.live[i], target = static_cast<u32>(i);
        const float excess = static_cast<float>(live) / in.equilibrium[i] - 1.0F;
        const float factor = kFirstBits * (1.0F + static_cast<float>(in.homeostasis) * std::max(0.0F, excess));
        u32 kept = live;
        // Groups from the back: what fills a gap has then been walked already, and a slot's random numbers stay its own.
        for (u32 group = (live + kSlots - 1) / kSlots; group-- > 0;) {
            const u32 start = group * kSlots;
            const u32 n = std::min(kSlots, live - start);
            PhiloxLanes lanes;
            philox_lanes(in.seed, Stream::kWalk, target, group * static_cast<u32>(kPhiloxLanes), in.tick, lanes);
            if (!walk_group(in.walk, safe_chance * factor, lanes, n, &rows.log_size[at + start])) continue;
            for (u32 l = n; l-- > 0;) {
                const u64 hole = at + start + l;
                const float chance = in.loss_table[rows.log_size[hole] >> kSizeTableShift] * factor;
                if (!dies(chance, lanes.word[l / kPhiloxLanes][l % kPhiloxLanes], in, target, start + l)) continue;
                const u64 end = at + --kept;
                forget(out_degree, rows.source[hole]);
                if (events) events->push_back({rows.source[hole], target, rows.log_size[hole], false});
                rows.source[hole] = rows.source[end];
                rows.log_size[hole] = rows.log_size[end];
                rows.birth[hole] = rows.birth[end];
            }
        }
        lost += live - kept;
        rows.live[i] = kept;
    }
}

}  // namespace

void fill_loss_table(const PruningParams& p, double elimination, double dt, std::span<float> table) {
    for (size_t e = 0; e < table.size(); ++e) {
        const double hazard = p.hazard * elimination * det_exp(-p.steepness * size_of_entry(e));
        table[e] = static_cast<float>(1.0 - det_exp(-hazard * dt));
    }
}

void turn_over_spines(const TurnoverInput& in, const SynapseRows& rows, std::span<u32> out_degree, std::span<u32> lost,
                      std::span<std::vector<SynapseEvent>> events) {
    const size_t n = rows.live.size();
    const float safe_chance = *std::max_element(in.loss_table.begin() + (kSafeSize >> kSizeTableShift), in.loss_table.end());
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t b = 0; b < block_count(n); ++b) {
        lost[b] = 0;
        turn_over_block(in, safe_chance, rows, b * kBlock, std::min(n, (b + 1) * kBlock), out_degree, lost[b], events.empty() ? nullptr : &events[b]);
    }
}

}  // namespace respine
