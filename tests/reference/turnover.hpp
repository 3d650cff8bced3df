// The walk and loss of spines, one synapse after the other, with Random123's own scalar generator.
//
// Synapse s of row i takes word (s mod 32)/8 of block s/32 x 8 + s mod 8 of stream kWalk: the low half to
// walk, the high half for the loss. When that half is the whole part of the chance x 65,536, word 0 of block
// s of stream kLoss decides about its fraction. Of newborns, which the lowest bit of the size tells, the
// highest values of the same half mature, and word 1 decides about the fraction.
#pragma once

#include <Random123/philox.h>

#include <cmath>
#include <vector>

#include "kernels/numerics/streams.hpp"
#include "kernels/plasticity/pruning.hpp"
#include "tests/reference/lost_places.hpp"

namespace respine::reference {

inline u16 walked(const WalkStep& step, u16 size, u32 bits) {
    int sum = 0;
    for (int byte = 0; byte < 2; ++byte) sum += static_cast<int>((bits >> (8 * byte)) & 255U);
    const float attracted = static_cast<float>(size - 32768) * step.keep;
    const float moved = std::floor(attracted + static_cast<float>(sum - 255) * step.noise + 32768.5F);
    return static_cast<u16>(std::fmin(65535.0F, std::fmax(0.0F, moved)));
}

// The same walk for sizes with a mark: rounded to even numbers.
inline u16 walked_with_mark(const WalkStep& step, u16 size, u32 bits) {
    const u16 mark = size % 2;
    const int sum = static_cast<int>(bits & 255U) + static_cast<int>(bits >> 8 & 255U);
    const float attracted = static_cast<float>(size - mark - 32768) * step.keep;
    const int moved =
        static_cast<int>(std::floor(attracted + static_cast<float>(sum - 255) * step.noise + 32769.0F));
    return static_cast<u16>(moved / 2 * 2 + mark);
}

inline void turn_over(const TurnoverInput& in, const SynapseRows& rows, std::span<u32> out_degree,
                      std::vector<SynapseEvent>& lost, Memory* memory = nullptr) {
    r123::Philox4x32 generator;
    for (u32 i = 0; i < rows.live.size(); ++i) {
        const u64 at = rows.begin[i];
        u32 live = rows.live[i];
        const float excess = std::fmax(0.0F, static_cast<float>(live) / in.equilibrium[i] - 1.0F);
        const float factor = 1.0F + static_cast<float>(in.homeostasis) * excess;
        // Dying and maturing compete for a newborn.
        const double die = in.newborn.dies * static_cast<double>(factor),
                     mature = in.newborn.any
                                  ? in.newborn.matures *
                                        (1.0 + in.newborn.protein * static_cast<double>(in.pool[i]))
                                  : 0.0;
        const double leave = die + mature, left = leave > 0.0 ? -std::expm1(-leave) / leave : 0.0;
        std::vector<bool> dies(live);
        for (u32 s = 0; s < live; ++s) {
            const auto draw = [&](u32 counter, Stream stream) {
                return generator({{i, counter, in.tick, static_cast<u32>(stream)}},
                                 {{static_cast<u32>(in.seed), static_cast<u32>(in.seed >> 32)}});
            };
            const u32 bits = draw(s / 32 * 8 + s % 8, Stream::kWalk)[s % 32 / 8];
            u16& size = rows.log_size[at + s];
            size = in.newborn.any ? walked_with_mark(in.walk, size, bits) : walked(in.walk, size, bits);
            const bool newborn = in.newborn.any && size % 2 == 1;
            const double chance = newborn
                                      ? 65536.0 * static_cast<double>(static_cast<float>(die * left))
                                      : static_cast<double>(in.loss.chance[size / 16] * (65536.0F * factor)),
                         whole = bits >> 16;
            const auto beyond = [&](u32 word) { return (draw(s, Stream::kLoss)[word] + 0.5) / 4294967296.0; };
            dies[s] = chance > whole && chance - whole > beyond(0);
            if (!newborn || dies[s]) continue;
            const double from = static_cast<double>(65536.0F - 65536.0F * static_cast<float>(mature * left));
            if (whole >= from || whole + 1.0 - from > beyond(1)) size = static_cast<u16>(size - 1);
        }
        for (u32 s = live;
             s-- > 0;) {  // from the back, so the last live synapse that fills a gap is a survivor
            if (!dies[s]) continue;
            lost.push_back({rows.source[at + s], i, rows.log_size[at + s], false});
            if (const bool mark = rows.log_size[at + s] % 2 == 1; memory && (in.places.keeps_mark || !mark))
                remember(*memory, i, {rows.source[at + s], rows.birth[at + s], in.tick, mark},
                         in.places.most);
            --out_degree[rows.source[at + s]];
            --live;
            rows.source.set(at + s, rows.source[at + live]);
            rows.log_size[at + s] = rows.log_size[at + live];
            rows.birth[at + s] = rows.birth[at + live];
        }
        rows.live[i] = live;
    }
}

}  // namespace respine::reference
