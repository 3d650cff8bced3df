#include "sim/network/network.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace respine {

PartnerKernel PartnerTables::kernel(size_t target_group) const {
    return {nx,           ny,   periodic, rank, cell_begin, most_in_cell,
            cell,         keep, alias,    dx,   dy,         group_share[target_group],
            uniform_share};
}

u64 Network::live_synapses() const {
    u64 total = 0;
    for (u32 n : live) total += n;
    return total;
}

size_t Network::bytes() const {
    const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
    return of(x) + of(y) + of(z) + of(row_begin) + of(live) + of(source.low) + of(source.high) +
           of(out_degree) + of(log_size) + of(birth) + of(fixed_begin) + of(fixed_inhibitory) +
           of(fixed_source.low) + of(fixed_source.high) + of(fixed_log_size) + of(baseline_rate) +
           of(external) + of(healthy_recurrent) + of(slow_share) + of(healthy) + of(equilibrium) +
           of(attempts) + of(capacity) + of(partners.cell) + of(partners.cell_begin) + of(voxels.begin) +
           of(voxels.member) + of(voxels.voxel);
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

std::vector<u64> row_borders(const Network& network, u32 spare) {
    std::vector<u64> places(network.excitatory, 0), begin(network.excitatory + 1, 0);
    for (size_t g = 0; g < network.excitatory_groups; ++g)
        for (u32 i = network.partition.own(g).first; i < network.partition.own(g).last; ++i)
            places[i] = row_places(network.live[i], spare);
    std::inclusive_scan(places.begin(), places.end(), begin.begin() + 1);
    return begin;
}

void repack_rows(Network& network, u32 spare) {
    bool short_of_room = false;
    for (size_t g = 0; g < network.excitatory_groups; ++g)
        for (u32 i = network.partition.own(g).first; i < network.partition.own(g).last && !short_of_room; ++i)
            short_of_room = network.row_begin[i + 1] - network.row_begin[i] < network.live[i] + spare;
    if (!short_of_room) return;
    std::vector<u64> begin = row_borders(network, 3 * spare);
    move_rows(network.source.low, network.row_begin, begin, network.live);
    move_rows(network.source.high, network.row_begin, begin, network.live);
    move_rows(network.log_size, network.row_begin, begin, network.live);
    move_rows(network.birth, network.row_begin, begin, network.live);
    network.row_begin = std::move(begin);
}

}  // namespace respine
