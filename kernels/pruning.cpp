#include "kernels/pruning.hpp"

#include <algorithm>
#include <atomic>

#include "kernels/elementary.hpp"

namespace respine {

namespace {

constexpr size_t kGroup = 2 * kPhiloxLanes;  // synapses that share one block of Philox lanes

struct RowMarks {
    u32 doomed[kGroup];
};

// Walks up to kGroup sizes and marks those that die. Returns whether any does.
__attribute__((always_inline)) inline bool walk_group(const WalkStep& walk, const float* loss, float factor, const PhiloxLanes& lanes,
                                                      size_t n, u16* size, RowMarks& marks) {
    u32 before[kGroup] = {}, after[kGroup];
    for (size_t k = 0; k < n; ++k) before[k] = size[k];
    for (size_t half = 0; half < 2; ++half) {
        const auto& step_bits = lanes.word[2 * half];
        const auto& loss_bits = lanes.word[2 * half + 1];
        u32* const old = before + half * kPhiloxLanes;
        u32* const now = after + half * kPhiloxLanes;
        u32* const doomed = marks.doomed + half * kPhiloxLanes;
#pragma omp simd
        for (size_t l = 0; l < kPhiloxLanes; ++l) {
            now[l] = walked_size(walk, old[l], step_bits[l]);
            const float u = static_cast<float>(static_cast<int>(loss_bits[l] >> 8)) * 0x1p-24F;
            doomed[l] = u < loss[now[l] >> kSizeTableShift] * factor ? 1U : 0U;
        }
    }
    u32 any = 0;
    for (size_t k = 0; k < n; ++k) {
        size[k] = static_cast<u16>(after[k]);
        any |= marks.doomed[k];
    }
    return any != 0;
}

void forget(std::span<u32> out_degree, u32 source) {
    std::atomic_ref<u32>(out_degree[source]).fetch_sub(1, std::memory_order_relaxed);  // integers: the order does not matter
}

RESPINE_CLONES void turn_over_block(const TurnoverInput& in, const SynapseRows& rows, size_t first, size_t last, std::span<u32> out_degree,
                                    u32& lost, std::vector<SynapseEvent>* events) {
    for (size_t i = first; i < last; ++i) {
        const u64 at = rows.begin[i];
        const u32 live = rows.live[i];
        const float excess = static_cast<float>(live) / in.equilibrium[i] - 1.0F;
        const float factor = 1.0F + static_cast<float>(in.homeostasis) * std::max(0.0F, excess);
        u32 kept = live;
        // Groups from the back: what fills a gap has then been walked already, and a slot's random numbers stay its own.
        for (u32 group = (live + static_cast<u32>(kGroup) - 1) / static_cast<u32>(kGroup); group-- > 0;) {
            const u32 start = group * static_cast<u32>(kGroup);
            const u32 n = std::min(static_cast<u32>(kGroup), live - start);
            PhiloxLanes lanes;
            RowMarks marks;
            philox_lanes(in.seed, Stream::kWalk, static_cast<u32>(i), group * static_cast<u32>(kPhiloxLanes), in.tick, lanes);
            if (!walk_group(in.walk, in.loss_table.data(), factor, lanes, n, &rows.log_size[at + start], marks)) continue;
            for (u32 l = n; l-- > 0;) {
                if (!marks.doomed[l]) continue;
                const u64 hole = at + start + l, end = at + --kept;
                forget(out_degree, rows.source[hole]);
                if (events) events->push_back({rows.source[hole], static_cast<u32>(i), rows.log_size[hole], false});
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
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t b = 0; b < block_count(n); ++b) {
        lost[b] = 0;
        turn_over_block(in, rows, b * kBlock, std::min(n, (b + 1) * kBlock), out_degree, lost[b], events.empty() ? nullptr : &events[b]);
    }
}

}  // namespace respine
