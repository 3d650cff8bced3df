#include "sim/network/network.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

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

namespace {

using Counts = std::vector<float> PlasticSynapses::*;

double sum_of_spines(const Network& net, Counts counts) {
    double sum = 0.0;
    for (const PlasticSynapses& p : net.plastic)
        if (net.on_spines(p)) sum += ordered_sum(p.*counts);
    return sum;
}

double sum_of_spines(const Network& net, Counts counts, u32 region) {
    double sum = 0.0;
    for (const PlasticSynapses& p : net.plastic)
        for (u32 t : p.targets) {
            const Group& g = net.groups[t];
            if (net.on_spines(p) && g.region == region)
                sum += ordered_sum(std::span(p.*counts).subspan(g.first, g.size()));
        }
    return sum;
}

}  // namespace

double Network::healthy_spines() const { return sum_of_spines(*this, &PlasticSynapses::healthy); }

double Network::healthy_spines(u32 region) const {
    return sum_of_spines(*this, &PlasticSynapses::healthy, region);
}

double Network::resting_spines() const { return sum_of_spines(*this, &PlasticSynapses::equilibrium); }

double Network::resting_spines(u32 region) const {
    return sum_of_spines(*this, &PlasticSynapses::equilibrium, region);
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
void move_rows(std::vector<T>& values, const std::vector<u64>& from, const std::vector<u64>& to,
               const std::vector<u32>& live) {
    std::vector<T> moved(to.back() + kReadAhead);
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < live.size(); ++i)
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(from[i]), live[i],
                    moved.begin() + static_cast<std::ptrdiff_t>(to[i]));
    values = std::move(moved);
}

}  // namespace

std::vector<u64> row_borders(const PlasticSynapses& p, const Partition& partition, u32 spare) {
    std::vector<u64> places(p.live.size(), 0), begin(p.live.size() + 1, 0);
    for (u32 g : p.targets)
        for (u32 i = partition.own(g).first; i < partition.own(g).last; ++i)
            places[i] = row_places(p.live[i], spare);
    std::inclusive_scan(places.begin(), places.end(), begin.begin() + 1);
    return begin;
}

void repack_rows(PlasticSynapses& p, const Partition& partition, u32 spare) {
    bool short_of_room = false;
    for (u32 g : p.targets)
        for (u32 i = partition.own(g).first; i < partition.own(g).last && !short_of_room; ++i)
            short_of_room = p.row_begin[i + 1] - p.row_begin[i] < p.live[i] + spare;
    if (!short_of_room) return;
    std::vector<u64> begin = row_borders(p, partition, 3 * spare);
    move_rows(p.source.low, p.row_begin, begin, p.live);
    move_rows(p.source.high, p.row_begin, begin, p.live);
    move_rows(p.log_size, p.row_begin, begin, p.live);
    move_rows(p.birth, p.row_begin, begin, p.live);
    p.row_begin = std::move(begin);
}

}  // namespace respine
