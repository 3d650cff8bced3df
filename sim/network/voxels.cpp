// The voxels of glutamate, and which rank averages over the neurons of each.

#include <algorithm>
#include <bit>
#include <limits>

#include "sim/network/geometry.hpp"

namespace respine {

namespace {

// Whole numbers in the order of the floats.
u64 place_in_order(float value) {
    const u32 bits = std::bit_cast<u32>(value);
    return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}
float in_place(u64 place) {
    const u32 bits = static_cast<u32>(place);
    return std::bit_cast<float>((bits & 0x80000000U) != 0 ? bits & 0x7fffffffU : ~bits);
}

struct Axis {
    double low = 0.0, length = 0.0;
    Axis(const Network& net, u32 region, const NeuronArray<float>& coordinate, Ranks& ranks) {
        float least = std::numeric_limits<float>::max(), most = -least;
        for_own(net, region, [&](u32 i, const Group&) {
            least = std::min(least, coordinate[i]);
            most = std::max(most, coordinate[i]);
        });
        u64 ends[] = {~place_in_order(least), place_in_order(most)};
        ranks.most(std::span<u64>(ends));
        least = in_place(~ends[0]), most = in_place(ends[1]);
        if (least > most) return;
        low = least;
        length = static_cast<double>(most) - low;
    }
    u32 slot(float c, u32 n) const {
        return length > 0.0 ? std::min(static_cast<u32>((c - low) / length * n), n - 1) : 0U;
    }
};

struct Member {
    u32 voxel, neuron;
    auto operator<=>(const Member&) const = default;
};

// The rank with most neurons of a voxel averages over it, and is told of those of other ranks.
std::vector<Member> tell_members(VoxelTables& v, const std::vector<u64>& own, std::vector<Member> members,
                                 Ranks& ranks) {
    v.averages.assign(own.size(), 1);
    if (ranks.size() == 1) return members;
    constexpr u64 kRanks = u64{1} << 20;
    std::vector<u64> most(own.size());
    for (size_t c = 0; c < own.size(); ++c) most[c] = own[c] * kRanks + (kRanks - 1 - ranks.rank());
    ranks.most(std::span<u64>(most));
    std::vector<std::vector<u32>> told(ranks.size());
    for (const Member& m : members) {
        auto& to = told[kRanks - 1 - most[m.voxel] % kRanks];
        to.push_back(m.voxel);
        to.push_back(m.neuron);
    }
    for (size_t c = 0; c < own.size(); ++c)
        v.averages[c] = kRanks - 1 - most[c] % kRanks == ranks.rank() ? 1 : 0;
    members.clear();
    for (const std::vector<u32>& from : ranks.swap(std::move(told)))
        for (size_t k = 0; k < from.size(); k += 2) members.push_back({from[k], from[k + 1]});
    std::sort(members.begin(), members.end());
    return members;
}

void build_voxels_of(double edge, u32 region, Network& net, Ranks& ranks) {
    VoxelTables& v = net.regions[region].voxels;
    const Axis ax(net, region, net.x, ranks), ay(net, region, net.y, ranks), az(net, region, net.z, ranks);
    const auto even = [&](double s) {
        return s < edge ? 1U : 2 * std::clamp(static_cast<u32>(s / (2.0 * edge) + 0.5), 1U, 512U);
    };
    v.nx = even(ax.length);
    v.ny = even(ay.length);
    v.nz = az.length < edge ? 1U : std::clamp(static_cast<u32>(az.length / edge + 0.5), 1U, 512U);
    v.edge = edge;
    v.voxel = NeuronArray<u32>(net.excitatory);
    const size_t count = static_cast<size_t>(v.nx) * v.ny * v.nz;
    std::vector<u64> own(count, 0);
    std::vector<Member> members;
    for_own(net, region, [&](u32 i, const Group&) {
        if (i >= net.excitatory) return;
        v.voxel[i] =
            ax.slot(net.x[i], v.nx) + v.nx * (ay.slot(net.y[i], v.ny) + v.ny * az.slot(net.z[i], v.nz));
        ++own[v.voxel[i]];
        members.push_back({v.voxel[i], i});
    });
    members = tell_members(v, own, std::move(members), ranks);
    v.begin.assign(count + 1, 0);
    for (const Member& m : members) ++v.begin[m.voxel + 1];
    for (size_t c = 0; c < count; ++c) v.begin[c + 1] += v.begin[c];
    v.member.resize(v.begin.back());
    std::vector<u32> at(v.begin.begin(), v.begin.end() - 1);
    for (const Member& m : members) v.member[at[m.voxel]++] = m.neuron;
}

}  // namespace

void build_voxels(double edge, Network& net, Ranks& ranks) {
    net.voxels = 0;
    for (u32 r = 0; r < net.regions.size(); ++r) {
        build_voxels_of(edge, r, net, ranks);
        net.regions[r].first_voxel = static_cast<u32>(net.voxels);
        net.regions[r].rows = VoxelRows(net.regions[r].voxels.grid(), ranks);
        net.voxels += net.regions[r].voxels.size();
    }
}

}  // namespace respine
