#include "kernels/plasticity/formation.hpp"

#include <algorithm>
#include <array>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/random.hpp"
#include "kernels/numerics/source_count.hpp"

namespace respine {

namespace {

constexpr u32 kPartnerTries = 256;

u32 wrapped(u32 at, int offset, u32 n, bool periodic) {
    const i64 moved = static_cast<i64>(at) + offset;
    if (moved >= 0 && moved < static_cast<i64>(n)) return static_cast<u32>(moved);
    return periodic ? static_cast<u32>(((moved % n) + n) % n) : kNoPartner;
}

// n_i of all rows.
std::span<const u32> counts_of(const FormationInput& in, std::span<const u32> live) {
    return in.count.empty() ? live : in.count;
}

// Mean number of attempts of a row with n synapses in this step.
double mean_attempts(const FormationInput& in, size_t i, u32 live) {
    const double n = live;
    const double vacancy = std::max(0.0, 1.0 - n / static_cast<double>(in.capacity[i]));
    const double deficit =
        in.needs_deficit ? std::max(0.0, 1.0 - n / static_cast<double>(in.healthy[i])) / kReferenceDeficit
                         : 1.0;
    return in.attempts[i] *
           (in.basal * vacancy + in.gain * static_cast<double>(in.pool_lagged[i]) * deficit) * in.dt;
}

constexpr size_t kCountsPerCall = 4 * kPhiloxLanes;  // rows whose counts come from one block of Philox lanes

// The words that decide the counts of the kCountsPerCall rows from `first` on, row by row.
struct CountWords {
    PhiloxLanes lanes;
    CountWords(const PhiloxKeys& keys, u32 tick, size_t first) {
        philox_lanes(keys, Stream::kFormationCount, 0,
                     static_cast<u32>(first / kCountsPerCall * kPhiloxLanes), tick, lanes);
    }
    const u32* begin() const { return lanes.word[0].data(); }
};

// Which of these rows may try at all. A word of 1 - d says no attempt while d exceeds the mean m, for
// e^-m >= 1 - m; here m is in single precision, so it is taken a little higher than it can be off.
RESPINE_CLONES void mark_candidates(const FormationInput& in, const u32* live, const u32* bits, size_t first,
                                    size_t last, u8* may) {
    const float basal = static_cast<float>(in.basal * in.dt), gain = static_cast<float>(in.gain * in.dt),
                all = in.needs_deficit ? 0.0F : 1.0F;
    constexpr float kMargin = 1e-5F, kPerDeficit = static_cast<float>(1.0 / kReferenceDeficit);
#pragma omp simd
    for (size_t i = first; i < last; ++i) {
        const float n = static_cast<float>(static_cast<i32>(live[i]));
        const float vacancy = std::max(0.0F, 1.0F - n / in.capacity[i]) + kMargin,
                    deficit = std::max(all, (1.0F - n / in.healthy[i]) * kPerDeficit) + kMargin;
        const float most = in.attempts[i] * (basal * vacancy + gain * in.pool_lagged[i] * deficit);
        const float below_one = static_cast<float>(static_cast<i32>(~bits[i - first] >> 1)) * 0x1p-31F;
        may[i - first] = below_one < most * (1.0F + kMargin) + 0x1p-30F ? 1 : 0;
    }
}

// Adds the rows of [first, last) that try to `out`: few of them in a short step.
u32 list_attempts(const FormationInput& in, const u32* live, size_t first, size_t last,
                  std::vector<Attempts>& out) {
    u32 most = 0;
    const PhiloxKeys keys(in.seed);
    for (size_t begin = first; begin < last;) {
        const size_t end = std::min(last, (begin / kCountsPerCall + 1) * kCountsPerCall);
        const CountWords words(keys, in.tick, begin);
        const u32* bits = words.begin() + begin % kCountsPerCall;
        std::array<u8, kCountsPerCall> may;
        mark_candidates(in, live, bits, begin, end, may.data());
        for (size_t i = begin; i < end; ++i) {
            if (may[i - begin] == 0) continue;
            const u32 count = poisson_count(mean_attempts(in, i, live[i]), bits[i - begin]);
            if (count == 0) continue;
            out.push_back({static_cast<u32>(i), count});
            most = std::max(most, count);
        }
        begin = end;
    }
    return most;
}

}  // namespace

u32 draw_partner(const PartnerKernel& kernel, u32 group, u32 target, const Draw& bits) {
    const u32 cells = kernel.nx * kernel.ny;
    if (group == kAnyGroup) {
        group = 0;
        const float u = static_cast<float>(bits[2] >> 8) * 0x1p-24F;
        while (group + 1 < kernel.group_share.size() && u >= kernel.group_share[group]) ++group;
    }
    u32 cell = 0;
    const double anywhere = unit(bits[3]);
    if (anywhere < kernel.uniform_share) {
        cell = std::min(cells - 1, static_cast<u32>(anywhere / kernel.uniform_share * cells));
    } else if (cells > 1) {
        const u32 entries = static_cast<u32>(kernel.alias.size());
        u32 entry = below(bits[0], entries);
        // The low bits of the product are as good as a second draw: they decide between the entry and its
        // alias.
        const u32 fraction = static_cast<u32>(static_cast<u64>(bits[0]) * entries);
        const u32 alias = kernel.alias[entry];  // loaded in any case: a branch here would be a coin toss
        entry = static_cast<float>(fraction >> 8) * 0x1p-24F >= kernel.keep[entry] ? alias : entry;
        const u32 own = kernel.cell[target];
        const u32 x = wrapped(own % kernel.nx, kernel.dx[entry], kernel.nx, kernel.periodic);
        const u32 y = wrapped(own / kernel.nx, kernel.dy[entry], kernel.ny, kernel.periodic);
        if (x == kNoPartner || y == kNoPartner) return kNoPartner;
        cell = x + kernel.nx * y;
    }
    const u32* begin = &kernel.cell_begin[static_cast<size_t>(group) * (cells + 1) + kernel.rank[cell]];
    const u32 place = below(
        bits[1], kernel.most_in_cell[group]);  // an empty place is refused, so crowded cells are not favoured
    if (place >= begin[1] - begin[0]) return kNoPartner;
    const u32 partner = begin[0] + place;
    return partner == target ? kNoPartner : partner;
}

u32 find_partner(const PartnerKernel& kernel, u32 group, u32 target, u64 seed, Stream stream, u32 counter,
                 u32 tick, const Draw& first) {
    u32 partner = draw_partner(kernel, group, target, first);
    for (u32 attempt = 1; partner == kNoPartner && attempt < kPartnerTries; ++attempt)
        partner = draw_partner(kernel, group, target,
                               philox(seed, stream, target, counter + (attempt << 20), tick));
    return partner;
}

void publish_vacancy(std::span<const u32> count, std::span<const float> capacity, std::span<float> vacancy) {
    for_neurons(0, vacancy.size(), [&](size_t i) {
        vacancy[i] = std::max(0.0F, 1.0F - static_cast<float>(count[i]) / capacity[i]);
    });
}

RESPINE_CLONES float most_vacant(std::span<const float> vacancy) {
    float most = 0.0F;
#pragma omp simd reduction(max : most)
    for (size_t i = 0; i < vacancy.size(); ++i) most = std::max(most, vacancy[i]);
    return most;
}

u32 poisson_count(double mean, u32 bits) {
    const double u = unit(bits);
    double term = det_exp(-mean), sum = term;
    u32 n = 0;
    while (u > sum && n < 1000) {
        ++n;
        term *= mean / n;
        sum += term;
    }
    return n;
}

u32 draw_attempts(const FormationInput& in, size_t first, size_t last, std::span<const u32> live,
                  std::span<std::vector<Attempts>> attempts) {
    const u32* counts = counts_of(in, live).data();
    std::vector<u32> most(block_count(last) + 1, 0);
    for_tasks(first / kBlock, block_count(last), worth_threads(last - first), [&](size_t b) {
        most[b] = list_attempts(in, counts, std::max(first, b * kBlock), std::min(last, (b + 1) * kBlock),
                                attempts[b]);
    });
    return *std::max_element(most.begin(), most.end());
}

namespace {

// A partner for a new synapse, its number in rows, and the lost place that it is at.
struct Found {
    u32 partner, in_rows, place;
};

// What a row's lost places weigh together, which changes when one is taken.
double remembered(const FormationInput& in, u32 target) {
    return in.places.most > 0 ? weight_of_places(in.places, target, in.tick) : 0.0;
}

Found find_place(const FormationInput& in, const PartnerKernel& kernel, u32 target, u32 attempt,
                 const Draw& choice, double lost) {
    if (lost > 0.0) {
        const double u = unit(philox(in.seed, Stream::kReturn, target, attempt, in.tick)[0]);
        const u32 place = choose_place(in.places, target, in.tick, lost, u);
        if (place != kNoPlace) {
            const u32 source = in.places.rows.source[in.places.rows.begin[target] + place];
            return {in.numbers ? in.numbers->neuron(source) : source, source, place};
        }
    }
    const u32 partner = find_partner(kernel, kAnyGroup, target, in.seed, Stream::kFormationPartner,
                                     2 * attempt, in.tick, choice);
    return {partner, in.numbers && partner != kNoPartner ? in.numbers->in_rows(partner) : partner, kNoPlace};
}

enum class Fate { kNewborn, kMature, kLost };  // by the end of the step in which it formed

Infancy infancy_in(const FormationInput& in, u32 target, u32 live) {
    return infancy_of(
        in.newborn,
        in.equilibrium.empty() ? 1.0 : homeostasis_of(in.homeostasis, live, in.equilibrium[target]),
        in.pool.empty() ? 0.0 : in.pool[target], in.hazard_at_birth);
}

Fate fate_of(const Infancy& infancy, double s, double u) {
    const auto& [newborn, matured, mature] = infancy;
    if (u < s * newborn) return Fate::kNewborn;
    if (u < s) return u < s * (newborn + matured) ? Fate::kMature : Fate::kLost;
    return u < s + (1.0 - s) * mature ? Fate::kMature : Fate::kLost;
}

// A new synapse at a place of the row.
void put(const FormationInput& in, const SynapseRows& rows, u64 at, u32 target, const Found& found,
         const Draw& bits, bool mark) {
    rows.source.set(at, found.in_rows);
    const u16 size = size_to_fixed(in.size.new_mean + in.size.new_sd * normal(bits[1], bits[2]));
    rows.birth[at] = static_cast<u16>(in.birth);
    if (found.place != kNoPlace) {
        const u64 lost = in.places.rows.begin[target] + found.place;
        rows.birth[at] = in.places.rows.birth[lost];
        if (in.places.keeps_mark) mark = is_newborn(in.places.rows.log_size[lost]);
        take_place(in.places, target, found.place);
    }
    rows.log_size[at] = in.newborn_share > 0.0 ? marked_size(size, mark) : size;
}

// One row's attempts, one after the other.
struct Former {
    const FormationInput& in;
    const PartnerKernel& kernel;
    const SynapseRows& rows;
    const SourceCount& out_degree;
    std::vector<SynapseEvent>* events;
    PhiloxKeys keys{in.seed};
    u32 formed = 0, passed = 0;

    void form(const Attempts& attempts, u32 count) {
        const u32 target = attempts.row;
        u32& live = rows.live[target];
        double lost = remembered(in, target);
        const Infancy infancy = infancy_in(in, target, count);
        DrawSequence draws(keys, Stream::kFormationPartner, target, in.tick);
        for (u32 k = 0; k < attempts.count && rows.begin[target] + live < rows.begin[target + 1]; ++k) {
            const Draw choice = draws.at(2 * k), bits = draws.at(2 * k + 1);
            if (unit(bits[0]) >= in.most_vacant) continue;
            const Found found = find_place(in, kernel, target, k, choice, lost);
            const u32 partner = found.partner;
            if (partner == kNoPartner) continue;
            if (unit(bits[0]) >= in.axonal_vacancy[partner]) continue;
            const Fate fate = fate_of(infancy, in.newborn_share, unit(bits[3]));
            if (fate == Fate::kLost) {
                ++passed;
                continue;
            }
            const u64 at = rows.begin[target] + live++;
            put(in, rows, at, target, found, bits, fate == Fate::kNewborn);
            if (found.place != kNoPlace) lost = remembered(in, target);
            out_degree(found.in_rows);
            ++formed;
            if (events != nullptr) events->push_back({found.in_rows, target, rows.log_size[at], true});
        }
    }
};

}  // namespace

void form_spines(const FormationInput& in, const PartnerKernel& kernel, size_t first, size_t last,
                 std::span<const std::vector<Attempts>> attempts, const SynapseRows& rows,
                 std::span<u32> out_degree, std::span<u32> formed, std::span<u32> passed,
                 std::span<std::vector<SynapseEvent>> events) {
    const std::span<const u32> count = counts_of(in, rows.live);
    constexpr size_t kNanoseconds = 200;  // a row
    size_t trying = 0;
    for (size_t b = first / kBlock; b < block_count(last); ++b) trying += attempts[b].size();
    const bool shared = worth_threads_for(kNanoseconds * trying);
    std::vector<std::vector<u32>> noted(shared ? block_count(last) : 0);
    for_tasks(first / kBlock, block_count(last), shared, [&](size_t b) {
        const SourceCount gained{out_degree, 1, shared ? &noted[b] : nullptr};
        Former former{in, kernel, rows, gained, events.empty() ? nullptr : &events[b]};
        for (const Attempts& a : attempts[b])
            if (a.row >= first && a.row < last) former.form(a, count[a.row]);
        formed[b] += former.formed;
        passed[b] += former.passed;
    });
    if (shared) count_sources(noted, 1, out_degree);
}

}  // namespace respine
