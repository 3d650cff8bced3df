#include "kernels/plasticity/formation.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"

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

// Mean number of attempts of the rows [first, last) in this step.
RESPINE_CLONES void mean_attempts(const FormationInput& in, const u32* live, size_t first, size_t last,
                                  double* mean) {
    const bool needs_deficit = in.needs_deficit;
#pragma omp simd
    for (size_t i = first; i < last; ++i) {
        const double n = live[i];
        const double vacancy = std::max(0.0, 1.0 - n / static_cast<double>(in.capacity[i]));
        const double deficit =
            needs_deficit ? std::max(0.0, 1.0 - n / static_cast<double>(in.healthy[i])) / kReferenceDeficit
                          : 1.0;
        mean[i - first] = in.attempts[i] *
                          (in.basal * vacancy + in.gain * static_cast<double>(in.pool_lagged[i]) * deficit) *
                          in.dt;
    }
}

constexpr size_t kCountsPerCall = 4 * kPhiloxLanes;  // rows whose counts come from one block of Philox lanes

struct Attempts {
    u32 row, count;
};

// Fills `out` with the rows of [first, last), at most a block, that try at all: few of them in a short step.
// Returns their number.
size_t draw_attempts(const FormationInput& in, const u32* live, size_t first, size_t last,
                     std::array<Attempts, kBlock>& out) {
    size_t trying = 0;
    double mean[kBlock];
    mean_attempts(in, live, first, last, mean);
    PhiloxLanes lanes;
    for (size_t i = first; i < last; ++i) {
        const size_t place = i % kCountsPerCall;
        if (i == first || place == 0)
            philox_lanes(in.seed, Stream::kFormationCount, 0,
                         static_cast<u32>(i / kCountsPerCall * kPhiloxLanes), in.tick, lanes);
        const u32 bits = lanes.word[place / kPhiloxLanes][place % kPhiloxLanes];
        if (unit(bits) <= 1.0 - mean[i - first]) continue;  // below e^-mean: none
        const u32 count = poisson_count(mean[i - first], bits);
        if (count > 0) out[trying++] = {static_cast<u32>(i), count};
    }
    return trying;
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
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(vacancy.size()))
    for (size_t i = 0; i < vacancy.size(); ++i)
        vacancy[i] = std::max(0.0F, 1.0F - static_cast<float>(count[i]) / capacity[i]);
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

u32 most_attempts(const FormationInput& in, size_t first, size_t last, std::span<const u32> live) {
    if (first == last) return 0;
    std::vector<double> most(block_count(last), 0.0);
#pragma omp parallel for schedule(static) if (worth_threads(last - first))
    for (size_t b = first / kBlock; b < block_count(last); ++b) {
        const size_t begin = std::max(first, b * kBlock), end = std::min(last, (b + 1) * kBlock);
        double mean[kBlock];
        mean_attempts(in, counts_of(in, live).data(), begin, end, mean);
        most[b] = *std::max_element(mean, mean + (end - begin));
    }
    const double mean = *std::max_element(most.begin(), most.end());
    return mean > 0.0 ? poisson_count(mean, ~0U) + 1 : 0;  // and one for the rounding of its sum
}

namespace {

// A partner for a new synapse, and the lost place that it is at.
struct Found {
    u32 partner, place;
};

Found find_place(const FormationInput& in, const PartnerKernel& kernel, u32 target, u32 attempt,
                 const Draw& choice) {
    if (in.places.most > 0) {
        const double u = unit(philox(in.seed, Stream::kReturn, target, attempt, in.tick)[0]);
        const u32 place = choose_place(in.places, target, in.tick, u);
        if (place != kNoPlace) return {in.places.rows.source[in.places.rows.begin[target] + place], place};
    }
    return {find_partner(kernel, kAnyGroup, target, in.seed, Stream::kFormationPartner, 2 * attempt, in.tick,
                         choice),
            kNoPlace};
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
    rows.source.set(at, found.partner);
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

}  // namespace

void form_spines(const FormationInput& in, const PartnerKernel& kernel, size_t first, size_t last,
                 const SynapseRows& rows, std::span<u32> out_degree, std::span<u32> formed,
                 std::span<u32> passed, std::span<std::vector<SynapseEvent>> events) {
    const std::span<const u32> count = counts_of(in, rows.live);
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t b = first / kBlock; b < block_count(last); ++b) {
        std::array<Attempts, kBlock> trying;
        const size_t n = draw_attempts(in, count.data(), std::max(first, b * kBlock),
                                       std::min(last, (b + 1) * kBlock), trying);
        for (const auto& [target, attempts] : std::span(trying).first(n)) {
            const size_t i = target;
            u32 live = rows.live[i];
            const Infancy infancy = infancy_in(in, target, count[i]);
            DrawSequence draws(in.seed, Stream::kFormationPartner, target, in.tick);
            for (u32 k = 0; k < attempts && rows.begin[i] + live < rows.begin[i + 1]; ++k) {
                const Draw choice = draws.at(2 * k), bits = draws.at(2 * k + 1);
                const Found found = find_place(in, kernel, target, k, choice);
                const u32 partner = found.partner;
                if (partner == kNoPartner) continue;
                if (unit(bits[0]) >= in.axonal_vacancy[partner]) continue;
                const Fate fate = fate_of(infancy, in.newborn_share, unit(bits[3]));
                if (fate == Fate::kLost) {
                    ++passed[b];
                    continue;
                }
                const u64 at = rows.begin[i] + live++;
                put(in, rows, at, target, found, bits, fate == Fate::kNewborn);
                std::atomic_ref<u32>(out_degree[partner]).fetch_add(1, std::memory_order_relaxed);
                ++formed[b];
                if (!events.empty()) events[b].push_back({partner, target, rows.log_size[at], true});
            }
            rows.live[i] = live;
        }
    }
}

}  // namespace respine
