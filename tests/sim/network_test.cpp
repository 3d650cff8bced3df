#include "sim/network/network.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace respine {
namespace {

// Rows of these lengths and capacities; synapse k of row i comes from neuron 100 i + k.
Network network_with(const std::vector<u32>& live, const std::vector<u32>& places) {
    Network net;
    net.live = live;
    net.excitatory = live.size();
    net.excitatory_groups = 1;
    net.partition = Partition(std::vector<Slice>{{0, static_cast<u32>(live.size())}}, 0, 1, {});
    net.row_begin = {0};
    for (u32 p : places) net.row_begin.push_back(net.row_begin.back() + p);
    net.source.resize(net.row_begin.back());
    net.log_size.assign(net.row_begin.back(), 0);
    net.birth.assign(net.row_begin.back(), 0);
    for (u32 i = 0; i < live.size(); ++i)
        for (u32 k = 0; k < live[i]; ++k) {
            const u64 at = net.row_begin[i] + k;
            net.source.set(at, 100 * i + k);
            net.log_size[at] = static_cast<u16>(30000 + 100 * i + k);
            net.birth[at] = static_cast<u16>(500 + 100 * i + k);
        }
    return net;
}

void expect_same_synapses(const Network& net, const std::vector<u32>& live) {
    ASSERT_EQ(net.live, live);
    for (u32 i = 0; i < live.size(); ++i)
        for (u32 k = 0; k < live[i]; ++k) {
            const u64 at = net.row_begin[i] + k;
            ASSERT_EQ(net.source[at], 100 * i + k);
            ASSERT_EQ(net.log_size[at], 30000 + 100 * i + k);
            ASSERT_EQ(net.birth[at], 500 + 100 * i + k);
        }
}

TEST(Network, RepackWidensEveryRowAndKeepsItsSynapses) {
    const std::vector<u32> live = {5, 0, 40, 7};
    Network net = network_with(live, {20, 20, 41, 20});
    repack_rows(net, 8);
    expect_same_synapses(net, live);
    for (size_t i = 0; i < live.size(); ++i)
        EXPECT_GE(net.row_begin[i + 1] - net.row_begin[i], live[i] + 8U) << i;
    EXPECT_EQ(net.source.size(), net.row_begin.back());
    for (u64 at : net.row_begin) EXPECT_EQ(at % kRowStride, 0U);
    EXPECT_GE(net.log_size.size(), net.row_begin.back());
    EXPECT_GE(net.birth.size(), net.row_begin.back());
}

TEST(Network, RepackLeavesRoomyRowsAlone) {
    const std::vector<u32> live = {5, 0, 33, 7};
    Network net = network_with(live, {13, 8, 41, 15});
    const auto begin = net.row_begin;
    repack_rows(net, 8);
    EXPECT_EQ(net.row_begin, begin);
    expect_same_synapses(net, live);
}

TEST(Network, OneRepackIsEnough) {
    Network net = network_with({500, 3, 0}, {500, 3, 0});
    repack_rows(net, 8);
    const auto begin = net.row_begin;
    repack_rows(net, 8);
    EXPECT_EQ(net.row_begin, begin);
}

TEST(Network, RowsOfOtherRanksGetNoRoom) {
    Network net = network_with({0, 0, 40, 7}, {0, 0, 41, 20});
    net.partition = Partition(std::vector<Slice>{{0, 4}}, 1, 2, {});
    repack_rows(net, 8);
    expect_same_synapses(net, {0, 0, 40, 7});
    EXPECT_EQ(net.row_begin[2], 0U);
    EXPECT_GE(net.row_begin[3], 48U);
}

TEST(Partition, SlicesCoverEachGroupOnce) {
    const std::vector<Slice> groups = {{0, 10}, {10, 11}, {11, 11}, {11, 40}};
    std::vector<double> load(40);
    for (u32 i = 0; i < 40; ++i) load[i] = i % 7 == 0 ? 50.0 : 1.0;
    for (const bool even : {true, false})
        for (u32 ranks : {1, 2, 3, 4, 7}) {
            std::vector<u32> owners(40, 0);
            for (u32 r = 0; r < ranks; ++r) {
                const Partition p(groups, r, ranks, even ? std::span<const double>{} : load);
                for (size_t g = 0; g < groups.size(); ++g) {
                    EXPECT_EQ(p.of(g, 0).first, groups[g].first);
                    EXPECT_EQ(p.of(g, ranks - 1).last, groups[g].last);
                    if (r > 0) {
                        EXPECT_EQ(p.of(g, r - 1).last, p.own(g).first);
                    }
                }
                for (u32 i = 0; i < 40; ++i) owners[i] += p.owns(i) ? 1 : 0;
            }
            EXPECT_EQ(owners, std::vector<u32>(40, 1U)) << ranks;
        }
}

TEST(Partition, SharesTheLoad) {
    std::vector<double> load(1000);
    for (u32 i = 0; i < 1000; ++i) load[i] = 1.0 + i % 10 + (i < 100 ? 30.0 : 0.0);  // a dense corner
    const double total = std::accumulate(load.begin(), load.end(), 0.0);
    for (u32 r = 0; r < 4; ++r) {
        const Partition p(std::vector<Slice>{{0, 1000}}, r, 4, load);
        const double own = std::accumulate(load.begin() + p.own(0).first, load.begin() + p.own(0).last, 0.0);
        EXPECT_NEAR(own, total / 4.0, 41.0) << "off by a neuron at most";
    }
}

TEST(Network, CountsItsLiveSynapses) {
    EXPECT_EQ(network_with({5, 0, 33, 7}, {13, 8, 41, 15}).live_synapses(), 45U);
    EXPECT_EQ(Network{}.live_synapses(), 0U);
}

TEST(Network, RowsViewTheStore) {
    Network net = network_with({2, 1}, {4, 4});
    const SynapseRows rows = net.rows();
    rows.source.set(4, 77);
    rows.live[1] = 2;
    EXPECT_EQ(net.source[4], 77U);
    EXPECT_EQ(net.live_synapses(), 4U);
}

TEST(Network, PairWeightIsByTargetThenSource) {
    Network net;
    net.groups.resize(3);
    net.weight.resize(9);
    std::iota(net.weight.begin(), net.weight.end(), 0.0);
    EXPECT_EQ(net.pair_weight(1, 2), 5.0);
    EXPECT_EQ(net.pair_weight(2, 0), 6.0);
}

TEST(Network, PartnerKernelTakesTheSharesOfItsTargetGroup) {
    PartnerTables tables;
    tables.nx = 3;
    tables.ny = 2;
    tables.periodic = false;
    tables.uniform_share = 0.25;
    tables.rank = {0, 1, 2, 3, 4, 5};
    tables.group_share = {{0.5F, 1.0F}, {0.1F, 1.0F}};
    const PartnerKernel kernel = tables.kernel(1);
    EXPECT_EQ(kernel.nx, 3U);
    EXPECT_EQ(kernel.ny, 2U);
    EXPECT_FALSE(kernel.periodic);
    EXPECT_EQ(kernel.uniform_share, 0.25);
    EXPECT_EQ(kernel.rank.data(), tables.rank.data());
    EXPECT_EQ(kernel.group_share[0], 0.1F);
}

}  // namespace
}  // namespace respine
