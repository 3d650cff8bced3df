// Ranks that are threads of one process: sums over neurons have the bits of one that has them all.

#include "sim/ranks/rank_share.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "tests/kernels/helpers.hpp"

namespace respine {
namespace {

struct Wire {
    explicit Wire(u32 ranks) : all(ranks) {}
    std::mutex lock;
    std::condition_variable arrived;
    std::map<std::pair<u32, u32>, std::deque<std::vector<std::byte>>> messages;
    std::vector<std::byte> merged;
    std::barrier<> all;
    u64 sent = 0;
};

class ThreadRank final : public Ranks {
public:
    ThreadRank(Wire& wire, u32 rank, u32 ranks) : wire_(wire), rank_(rank), ranks_(ranks) {}
    u32 rank() const override { return rank_; }
    u32 size() const override { return ranks_; }
    void send(u32 to, std::span<const std::byte> bytes) override {
        const std::lock_guard hold(wire_.lock);
        wire_.messages[{rank_, to}].emplace_back(bytes.begin(), bytes.end());
        ++wire_.sent;
        wire_.arrived.notify_all();
    }
    void receive(u32 from, std::span<std::byte> bytes) override {
        std::unique_lock hold(wire_.lock);
        auto& queue = wire_.messages[{from, rank_}];
        wire_.arrived.wait(hold, [&] { return !queue.empty(); });
        ASSERT_EQ(queue.front().size(), bytes.size());
        std::ranges::copy(queue.front(), bytes.begin());
        queue.pop_front();
    }
    void merge(std::span<std::byte> bytes) override {
        {
            const std::lock_guard hold(wire_.lock);
            wire_.merged.resize(bytes.size());
            for (size_t k = 0; k < bytes.size(); ++k) wire_.merged[k] |= bytes[k];
        }
        wire_.all.arrive_and_wait();
        std::ranges::copy(wire_.merged, bytes.begin());
        wire_.all.arrive_and_wait();
        if (rank_ == 0) wire_.merged.clear();
        wire_.all.arrive_and_wait();
    }

private:
    Wire& wire_;
    u32 rank_, ranks_;
};

struct Summed {
    std::vector<std::vector<double>> of_rank;
    u64 messages;
};

Summed summed(std::span<const Slice> groups, u32 ranks, std::span<const SumTerms> terms) {
    Wire wire(ranks);
    Summed found{std::vector<std::vector<double>>(ranks), 0};
    std::vector<std::jthread> threads;
    for (u32 r = 0; r < ranks; ++r)
        threads.emplace_back([&, r] {
            ThreadRank rank(wire, r, ranks);
            const Partition partition(groups, r, ranks, {});
            found.of_rank[r] = RankShare(partition, rank).sums(terms);
        });
    threads.clear();
    found.messages = wire.sent;
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
