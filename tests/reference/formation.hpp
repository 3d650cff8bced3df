// Formation of spines, one attempt after the other, with Random123's own scalar generator and the standard
// library's functions.
//
// Counts: word (i mod 32)/8 of block i/32 x 8 + i mod 8 of stream kFormationCount, id 0. Attempt k: partner
// from kFormationPartner, counter 2k + try x 2^20; acceptance, size and mark from counter 2k + 1 (words 0; 1
// and 2; 3): of the values of word 3 the lowest are newborn by the end of the step, the next have matured or
// were born mature, and the others were lost within it.
#pragma once

#include <Random123/philox.h>

#include <cmath>
#include <vector>

#include "kernels/plasticity/formation.hpp"

namespace respine::reference {

inline std::array<u32, 4> words(u64 seed, Stream stream, u32 id, u32 counter, u32 tick) {
    const auto r = r123::Philox4x32()({{id, counter, tick, static_cast<u32>(stream)}},
                                      {{static_cast<u32>(seed), static_cast<u32>(seed >> 32)}});
    return {r[0], r[1], r[2], r[3]};
}

inline double open_unit(u32 bits) { return (bits + 0.5) / 4294967296.0; }

// Number n with F(n - 1) < u <= F(n) for the Poisson distribution function F.
inline u32 poisson(double mean, double u) {
    double sum = 0.0;
    for (u32 n = 0;; ++n) {
        sum += std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0));
        if (u <= sum || n == 1000) return n;
    }
}

// The neuron at the drawn place, or nobody.
inline u32 partner_at(const PartnerKernel& p, u32 target, const std::array<u32, 4>& word) {
    u32 group = 0;
    for (const float share = static_cast<float>(word[2] >> 8) / 16777216.0F;
         group + 1 < p.group_share.size() && share >= p.group_share[group];)
        ++group;
    const double anywhere = open_unit(word[3]);
    i64 x = 0, y = 0;
    if (anywhere < p.uniform_share) {
        const u32 cell = static_cast<u32>(anywhere / p.uniform_share * (p.nx * p.ny));
        x = cell % p.nx;
        y = cell / p.nx;
    } else if (p.nx * p.ny > 1) {
        const u64 product = static_cast<u64>(word[0]) * p.alias.size();
        u32 entry = static_cast<u32>(product >> 32);
        if (static_cast<float>((product >> 8) & 0xffffffU) / 16777216.0F >= p.keep[entry])
            entry = p.alias[entry];
        x = static_cast<i64>(p.cell[target] % p.nx) + p.dx[entry];
        y = static_cast<i64>(p.cell[target] / p.nx) + p.dy[entry];
        const bool outside = x < 0 || y < 0 || x >= p.nx || y >= p.ny;
        if (outside && !p.periodic) return kNoPartner;
        x = (x + 4 * static_cast<i64>(p.nx)) % p.nx;
        y = (y + 4 * static_cast<i64>(p.ny)) % p.ny;
    }
    const u32 rank = p.rank[static_cast<size_t>(x + p.nx * y)];
    const size_t list = static_cast<size_t>(group) * (p.nx * p.ny + 1) + rank;
    const u32 place = static_cast<u32>((static_cast<u64>(word[1]) * p.most_in_cell[group]) >> 32);
    const u32 partner = p.cell_begin[list] + place;
    return partner >= p.cell_begin[list + 1] || partner == target ? kNoPartner : partner;
}

// How often row i with n synapses tries.
inline u32 attempts_of(const FormationInput& in, u32 i, double n) {
    const double vacancy = std::fmax(0.0, 1.0 - n / in.capacity[i]);
    const double deficit = in.needs_deficit ? std::fmax(0.0, 1.0 - n / in.healthy[i]) / 0.2 : 1.0;
    const double rate = in.attempts[i] * (in.basal * vacancy + in.gain * in.pool_lagged[i] * deficit);
    const u32 bits = words(in.seed, Stream::kFormationCount, 0, i / 32 * 8 + i % 8, in.tick)[i % 32 / 8];
    return rate > 0.0 ? poisson(rate * in.dt, open_unit(bits)) : 0;
}

inline void form_spines(const FormationInput& in, const PartnerKernel& kernel, size_t first, size_t last,
                        const SynapseRows& rows, std::span<u32> out_degree, std::vector<SynapseEvent>& formed,
                        u32& passed) {
    for (u32 i = static_cast<u32>(first); i < last; ++i) {
        const double n = in.count.empty() ? rows.live[i] : in.count[i];
        const double excess = in.equilibrium.empty() ? 0.0 : std::fmax(0.0, n / in.equilibrium[i] - 1.0);
        const double die = in.newborn.dies * (1.0 + in.homeostasis * excess),
                     mature = in.newborn.matures *
                              (1.0 + in.newborn.protein * (in.pool.empty() ? 0.0 : in.pool[i]));
        // Mean over the step of the chance to be there still.
        const auto there = [](double rate) { return rate > 0.0 ? -std::expm1(-rate) / rate : 1.0; };
        const double newborn = there(die + mature),
                     matured = die + mature > 0.0 ? mature / (die + mature) * (1.0 - newborn) : 0.0;
        const u32 attempts = attempts_of(in, i, n);
        for (u32 k = 0; k < attempts; ++k) {
            if (rows.begin[i] + rows.live[i] == rows.begin[i + 1]) break;
            u32 partner = kNoPartner;
            for (u32 t = 0; t < 256 && partner == kNoPartner; ++t)
                partner = partner_at(
                    kernel, i, words(in.seed, Stream::kFormationPartner, i, 2 * k + (t << 20), in.tick));
            if (partner == kNoPartner) continue;
            const auto word = words(in.seed, Stream::kFormationPartner, i, 2 * k + 1, in.tick);
            if (open_unit(word[0]) >= static_cast<double>(in.axonal_vacancy[partner])) continue;
            const double s = in.newborn_share, fate = open_unit(word[3]);
            const bool stays_newborn = fate < s * newborn;
            if (!stays_newborn && (fate < s ? fate >= s * (newborn + matured)
                                            : fate >= s + (1.0 - s) * there(in.hazard_at_birth))) {
                ++passed;
                continue;
            }
            const double z =
                std::sqrt(-2.0 * std::log(open_unit(word[1]))) * std::cos(2.0 * M_PI * open_unit(word[2]));
            const u64 at = rows.begin[i] + rows.live[i]++;
            rows.source.set(at, partner);
            rows.log_size[at] = size_to_fixed(in.size.new_mean + in.size.new_sd * z);
            if (in.newborn_share > 0.0)
                rows.log_size[at] = static_cast<u16>(rows.log_size[at] / 2 * 2 + (stays_newborn ? 1 : 0));
            rows.birth[at] = static_cast<u16>(in.birth);
            ++out_degree[partner];
            formed.push_back({partner, i, rows.log_size[at], true});
        }
    }
}

}  // namespace respine::reference
