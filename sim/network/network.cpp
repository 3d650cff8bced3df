#include "sim/network/network.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/ordered_sum.hpp"

namespace respine {

namespace {

size_t bytes_of(const auto&... arrays) { return (0 + ... + (arrays.capacity() * sizeof(arrays[0]))); }

}  // namespace

PartnerKernel PartnerTables::kernel(std::span<const float> group_share, Reach reach) const {
    return {nx,
            ny,
            periodic,
            rank,
            cell_begin,
            most_in_cell,
            cell,
            keep,
            alias,
            dx,
            dy,
            group_share,
            reach == Reach::kAnywhere ? 1.0 : uniform_share};
}

LostPlaces PlasticSynapses::lost_places() {
    if (lost.empty()) return {};
    return {lost.front().rows(), most_lost, trait == Trait::kInhibitory, rule.formation.return_share,
            lost_weight};
}

bool PlasticSynapses::targets_group(size_t group) const {
    return std::binary_search(targets.begin(), targets.end(), group);
}

u64 PlasticSynapses::live_synapses() const {
    u64 total = 0;
    for (u32 n : live) total += n;
    return total;
}

size_t PlasticSynapses::bytes() const {
    size_t sum = bytes_of(row_begin, live, source.low, source.high, out_degree, log_size, birth, healthy,
                          equilibrium, attempts, capacity, axonal_capacity, axonal_vacancy);
    for (const PlasticSynapses& rows : lost) sum += rows.bytes();
    return sum;
}

size_t Network::group_of(u32 neuron) const {
    size_t g = 0;
    while (neuron >= groups[g].last) ++g;
    return g;
}

std::vector<Slice> Network::known_by_group() const {
    std::vector<Slice> parts;
    for (const Group& g : groups)
        for (const Slice s : known)
            if (const Slice part{std::max(s.first, g.first), std::min(s.last, g.last)};
                part.first < part.last)
                parts.push_back(part);
    return parts;
}

std::vector<Slice> Network::known_below(u32 last) const {
    std::vector<Slice> parts;
    for (const Slice s : known)
        if (s.first < last) parts.push_back({s.first, std::min(s.last, last)});
    return parts;
}

namespace {

using Sums = CountSums PlasticSynapses::*;

double sum_of_spines(const Network& net, Sums sums) {
    double sum = 0.0;
    for (const PlasticSynapses& p : net.plastic)
        if (net.on_spines(p)) sum += (p.*sums).all;
    return sum;
}

double sum_of_spines(const Network& net, Sums sums, u32 region) {
    double sum = 0.0;
    for (const PlasticSynapses& p : net.plastic)
        for (u32 t : p.targets)
            if (net.on_spines(p) && net.groups[t].region == region) sum += (p.*sums).of_group[t];
    return sum;
}

}  // namespace

void Network::sum_counts(const NeuronShare& share) {
    std::vector<SumTerms> terms;
    const auto add = [&](const NeuronArray<float>& counts) {
        terms.push_back({counts.data(), nullptr, 0, counts.size()});
        for (const Group& g : groups)  // zero where they are no targets
            terms.push_back({counts.data(), nullptr, std::min<size_t>(g.first, counts.size()),
                             std::min<size_t>(g.last, counts.size())});
    };
    for (const PlasticSynapses& p : plastic)
        for (const auto* counts : {&p.healthy, &p.equilibrium}) add(*counts);
    const std::vector<double> sums = share.sums(terms);
    auto next = sums.begin();
    for (PlasticSynapses& p : plastic)
        for (CountSums* of : {&p.sum_healthy, &p.sum_equilibrium}) {
            of->all = *next++;
            of->of_group.assign(next, next + static_cast<std::ptrdiff_t>(groups.size()));
            next += static_cast<std::ptrdiff_t>(groups.size());
        }
}

double Network::healthy_spines() const { return sum_of_spines(*this, &PlasticSynapses::sum_healthy); }

double Network::healthy_spines(u32 region) const {
    return sum_of_spines(*this, &PlasticSynapses::sum_healthy, region);
}

double Network::resting_spines() const { return sum_of_spines(*this, &PlasticSynapses::sum_equilibrium); }

double Network::resting_spines(u32 region) const {
    return sum_of_spines(*this, &PlasticSynapses::sum_equilibrium, region);
}

PartnerKernel Network::partners_of(const PlasticSynapses& p, size_t target) const {
    const std::vector<float>& share = p.group_share[target];
    const size_t source = static_cast<size_t>(
        std::find_if(share.begin(), share.end(), [](float s) { return s > 0.0F; }) - share.begin());
    const size_t from = std::min(source, share.size() - 1);
    return regions[groups[from].region].partners.kernel(share, projection(target, from).reach);
}

PartnerKernel Network::partners_of(size_t target, size_t from) const {
    return regions[groups[from].region].partners.kernel({}, projection(target, from).reach);
}

size_t Network::bytes() const {
    size_t sum = bytes_of(x, y, z, fixed_begin, fixed_inhibitory, fixed_source.low, fixed_source.high,
                          fixed_log_size, baseline_rate, external, healthy_recurrent, slow_share);
    for (const PlasticSynapses& p : plastic) sum += p.bytes();
    for (const Region& r : regions)
        sum +=
            bytes_of(r.partners.cell, r.partners.cell_begin, r.voxels.begin, r.voxels.member, r.voxels.voxel);
    return sum;
}

namespace {

// Moves one array to the new row layout; one array at a time, so the copy never doubles the store.
template <class T>
void move_rows(std::vector<T>& values, const NeuronArray<u64>& from, const RowBorders& to,
               const std::vector<Slice>& own, const NeuronArray<u32>& live) {
    std::vector<T> moved(to.places + kReadAhead);
    for (const Slice s : own)
        for_tasks(s.first, s.last, worth_threads(s.size()), [&](size_t i) {
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(from[i]), live[i],
                        moved.begin() + static_cast<std::ptrdiff_t>(to.begin[i]));
        });
    values = std::move(moved);
}

}  // namespace

RowBorders row_borders(const PlasticSynapses& p, const Partition& partition, u32 spare) {
    RowBorders rows{NeuronArray<u64>(p.live.size() + 1)};
    for (const Slice s : partition.own(p.targets)) {
        rows.begin[s.first] = rows.places;
        for (u32 i = s.first; i < s.last; ++i)
            rows.begin[i + 1] = rows.places += row_places(p.live[i], spare);
    }
    return rows;
}

void repack_rows(PlasticSynapses& p, const Partition& partition, u32 spare) {
    bool short_of_room = false;
    const std::vector<Slice> own = partition.own(p.targets);
    for (const Slice s : own)
        for (u32 i = s.first; i < s.last && !short_of_room; ++i)
            short_of_room = p.row_begin[i + 1] - p.row_begin[i] < p.live[i] + spare;
    if (!short_of_room) return;
    RowBorders rows = row_borders(p, partition, 3 * spare);
    move_rows(p.source.low, p.row_begin, rows, own, p.live);
    move_rows(p.source.high, p.row_begin, rows, own, p.live);
    move_rows(p.log_size, p.row_begin, rows, own, p.live);
    move_rows(p.birth, p.row_begin, rows, own, p.live);
    p.row_begin = std::move(rows.begin);
}

}  // namespace respine
