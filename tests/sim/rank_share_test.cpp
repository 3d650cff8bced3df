// Sums over the neurons of several ranks have the bits of one that has them all.

#include "sim/ranks/rank_share.hpp"

#include "tests/kernels/helpers.hpp"
#include "tests/sim/thread_ranks.hpp"

namespace respine {
namespace {

struct Summed {
    std::vector<std::vector<double>> of_rank;
    u64 messages;
};

Summed summed(std::span<const Slice> groups, u32 ranks, std::span<const SumTerms> terms) {
    Summed found{std::vector<std::vector<double>>(ranks), 0};
    found.messages = test::run_ranks(ranks, [&](Ranks& rank) {
        const Partition partition(groups, rank.rank(), ranks, {});
        found.of_rank[rank.rank()] = RankShare(partition, rank).sums(terms);
    });
    return found;
}

void expect_sums_of_one(u32 large, const std::vector<u32>& ranks) {
    const Slice e{0, large}, pv{large, large + 7}, sst{large + 7, large + 2000};
    const std::vector<Slice> groups = {e, pv, sst};
    const auto a = test::random_floats(sst.last, -1e3, 1e6, 5),
               b = test::random_floats(sst.last, -1.0, 1.0, 6);
    std::vector<SumTerms> terms = {{a.data(), nullptr, 0, sst.last}, {a.data(), b.data(), 0, sst.last}};
    for (const Slice g : groups) terms.push_back({b.data(), nullptr, g.first, g.last, 0.25});
    terms.push_back({a.data(), nullptr, e.first, e.last});  // of two groups, with one between
    terms.push_back({a.data(), nullptr, sst.first, sst.last, std::nullopt, true});
    terms.push_back({a.data(), nullptr, 5, 5});  // of none
    const std::vector<double> one = NeuronShare(sst.last).sums(terms);
    for (const u32 r : ranks)
        for (const std::vector<double>& found : summed(groups, r, terms).of_rank) EXPECT_EQ(found, one) << r;
}

TEST(RankShare, SumsAreThoseOfOneProcess) { expect_sums_of_one(9 * kBlock + 77, {2, 3, 5, 12}); }

TEST(RankShare, SumsOfManySuperblocksToo) { expect_sums_of_one(4 * kSuperblock + 123'457, {2, 3, 12}); }

// Groups of one neuron are one rank's: its slices follow each other.
TEST(RankShare, SlicesOfOneRankMayFollowEachOther) {
    const u32 n = 3 * kSuperblock / 2;
    std::vector<Slice> groups = {{0, n}};
    for (u32 k = 0; k < 4; ++k) groups.push_back({n + k, n + k + 1});
    groups.push_back({n + 4, 2 * n});
    const auto a = test::random_floats(2 * n, -1e3, 1e6, 5);
    const SumTerms all{a.data(), nullptr, 0, 2 * n}, late{a.data(), nullptr, n + 1, 2 * n};
    const SumTerms terms[] = {all, late};
    const std::vector<double> one = NeuronShare(2 * n).sums(terms);
    for (const std::vector<double>& found : summed(groups, 2, terms).of_rank) EXPECT_EQ(found, one);
}

TEST(RankShare, WhatEndsInASliceIsNotSentOn) {
    const std::vector<Slice> groups = {{0, 4 * kSuperblock}};
    const auto a = test::random_floats(groups[0].last, -1e3, 1e6, 5);
    const SumTerms all{a.data(), nullptr, 0, groups[0].last};
    EXPECT_EQ(summed(groups, 4, std::span(&all, 1)).messages, 0U);
    EXPECT_EQ(summed(groups, 3, std::span(&all, 1)).messages, 2U);
}

}  // namespace
}  // namespace respine
