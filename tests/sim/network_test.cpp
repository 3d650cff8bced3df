#include "sim/network/network.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace respine {
namespace {

// Rows of these lengths and capacities; synapse k of row i comes from neuron 100 i + k.
PlasticSynapses rows_with(const std::vector<u32>& live, const std::vector<u32>& places) {
    PlasticSynapses p;
    p.live.assign(live.begin(), live.end());
    p.targets = {0};
    p.row_begin = {0};
    for (u32 n : places) p.row_begin.push_back(p.row_begin.back() + n);
    p.source.resize(p.row_begin.back());
    p.log_size.assign(p.row_begin.back(), 0);
    p.birth.assign(p.row_begin.back(), 0);
    for (u32 i = 0; i < live.size(); ++i)
        for (u32 k = 0; k < live[i]; ++k) {
            const u64 at = p.row_begin[i] + k;
            p.source.set(at, 100 * i + k);
            p.log_size[at] = static_cast<u16>(30000 + 100 * i + k);
            p.birth[at] = static_cast<u16>(500 + 100 * i + k);
        }
    return p;
}

Partition whole(const PlasticSynapses& p) {
    return Partition(std::vector<Slice>{{0, static_cast<u32>(p.live.size())}}, 0, 1, {});
}

void expect_same_synapses(const PlasticSynapses& p, const std::vector<u32>& live) {
    ASSERT_TRUE(std::ranges::equal(p.live, live));
    for (u32 i = 0; i < live.size(); ++i)
        for (u32 k = 0; k < live[i]; ++k) {
            const u64 at = p.row_begin[i] + k;
            ASSERT_EQ(p.source[at], 100 * i + k);
            ASSERT_EQ(p.log_size[at], 30000 + 100 * i + k);
            ASSERT_EQ(p.birth[at], 500 + 100 * i + k);
        }
}

TEST(Network, RepackWidensEveryRowAndKeepsItsSynapses) {
    const std::vector<u32> live = {5, 0, 40, 7};
    PlasticSynapses p = rows_with(live, {20, 20, 41, 20});
    repack_rows(p, whole(p), 8);
    expect_same_synapses(p, live);
    for (size_t i = 0; i < live.size(); ++i)
        EXPECT_GE(p.row_begin[i + 1] - p.row_begin[i], live[i] + 8U) << i;
    EXPECT_EQ(p.source.size(), p.row_begin.back());
    for (u64 at : p.row_begin) EXPECT_EQ(at % kRowStride, 0U);
    EXPECT_GE(p.log_size.size(), p.row_begin.back());
    EXPECT_GE(p.birth.size(), p.row_begin.back());
}

TEST(Network, RepackLeavesRoomyRowsAlone) {
    const std::vector<u32> live = {5, 0, 33, 7};
    PlasticSynapses p = rows_with(live, {13, 8, 41, 15});
    const auto begin = p.row_begin;
    repack_rows(p, whole(p), 8);
    EXPECT_EQ(p.row_begin, begin);
    expect_same_synapses(p, live);
}

TEST(Network, OneRepackIsEnough) {
    PlasticSynapses p = rows_with({500, 3, 0}, {500, 3, 0});
    repack_rows(p, whole(p), 8);
    const auto begin = p.row_begin;
    repack_rows(p, whole(p), 8);
    EXPECT_EQ(p.row_begin, begin);
}

TEST(Network, RowsOfOtherRanksGetNoRoom) {
    PlasticSynapses p = rows_with({0, 0, 40, 7}, {0, 0, 41, 20});
    repack_rows(p, Partition(std::vector<Slice>{{0, 4}}, 1, 2, {}), 8);
    expect_same_synapses(p, {0, 0, 40, 7});
    EXPECT_EQ(p.row_begin[2], 0U);
    EXPECT_GE(p.row_begin[3], 48U);
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
    EXPECT_EQ(rows_with({5, 0, 33, 7}, {13, 8, 41, 15}).live_synapses(), 45U);
    EXPECT_EQ(PlasticSynapses{}.live_synapses(), 0U);
}

TEST(Network, RowsViewTheStore) {
    PlasticSynapses p = rows_with({2, 1}, {4, 4});
    const SynapseRows rows = p.rows();
    rows.source.set(4, 77);
    rows.live[1] = 2;
    EXPECT_EQ(p.source[4], 77U);
    EXPECT_EQ(p.live_synapses(), 4U);
}

TEST(Network, ProjectionsAreByTargetThenSource) {
    Network net;
    net.groups.resize(3);
    net.projections.resize(9);
    for (size_t k = 0; k < 9; ++k) net.projections[k].weight = static_cast<double>(k);
    EXPECT_EQ(net.projection(1, 2).weight, 5.0);
    EXPECT_EQ(net.projection(2, 0).weight, 6.0);
}

TEST(Network, PartnerKernelTakesTheSharesAndTheReachThatItIsGiven) {
    PartnerTables tables;
    tables.nx = 3;
    tables.ny = 2;
    tables.periodic = false;
    tables.uniform_share = 0.25;
    tables.rank = {0, 1, 2, 3, 4, 5};
    const std::vector<float> share = {0.1F, 1.0F};
    const PartnerKernel kernel = tables.kernel(share);
    EXPECT_EQ(kernel.nx, 3U);
    EXPECT_EQ(kernel.ny, 2U);
    EXPECT_FALSE(kernel.periodic);
    EXPECT_EQ(kernel.uniform_share, 0.25);
    EXPECT_EQ(kernel.rank.data(), tables.rank.data());
    EXPECT_EQ(kernel.group_share[0], 0.1F);
    EXPECT_EQ(tables.kernel(share, Reach::kAnywhere).uniform_share, 1.0);
}

}  // namespace
}  // namespace respine
