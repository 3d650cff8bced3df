#include "sim/network.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace respine {
namespace {

// Rows of these lengths and capacities; synapse k of row i comes from neuron 100 i + k.
Network network_with(const std::vector<u32>& live, const std::vector<u32>& places) {
    Network net;
    net.live = live;
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
    for (size_t i = 0; i < live.size(); ++i) EXPECT_GE(net.row_begin[i + 1] - net.row_begin[i], live[i] + 8U) << i;
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
