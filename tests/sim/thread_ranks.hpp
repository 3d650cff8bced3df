// Ranks that are threads of one process.
#pragma once

#include <gtest/gtest.h>

#include <barrier>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "sim/ranks/ranks.hpp"

namespace respine::test {

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
        const std::vector<std::byte> message = next_from(from);
        ASSERT_EQ(message.size(), bytes.size());
        std::ranges::copy(message, bytes.begin());
    }
    void merge(std::span<std::byte> bytes) override {
        reduce(bytes, [](std::byte& all, std::byte own) { all |= own; });
    }
    using Ranks::most;
    void most(std::span<u64> values) override {
        reduce(values, [](u64& all, u64 own) { all = std::max(all, own); });
    }
    ForEach swap(ForEach for_each) override {
        for (u32 r = 0; r < ranks_; ++r) send(r, std::as_bytes(std::span(for_each[r])));
        for (u32 r = 0; r < ranks_; ++r) {
            const std::vector<std::byte> message = next_from(r);
            for_each[r].resize(message.size() / sizeof(u32));
            std::ranges::copy(message, std::as_writable_bytes(std::span(for_each[r])).begin());
        }
        return for_each;
    }
    void exchange(const Halo& halo, std::span<float> values) override {
        for (u32 r = 0; r < ranks_; ++r)
            for (const Slice s : halo.gives()[r]) send(r, std::as_bytes(values.subspan(s.first, s.size())));
        for (u32 r = 0; r < ranks_; ++r)
            for (const Slice s : halo.takes()[r])
                receive(r, std::as_writable_bytes(values.subspan(s.first, s.size())));
    }

private:
    std::vector<std::byte> next_from(u32 from) {
        std::unique_lock hold(wire_.lock);
        auto& queue = wire_.messages[{from, rank_}];
        wire_.arrived.wait(hold, [&] { return !queue.empty(); });
        const std::vector<std::byte> message = std::move(queue.front());
        queue.pop_front();
        return message;
    }
    template <class T, class Into>
    void reduce(std::span<T> values, Into into) {
        {
            const std::lock_guard hold(wire_.lock);
            wire_.merged.resize(values.size_bytes());
            T* const all = reinterpret_cast<T*>(wire_.merged.data());
            for (size_t k = 0; k < values.size(); ++k) into(all[k], values[k]);
        }
        wire_.all.arrive_and_wait();
        std::ranges::copy(wire_.merged, std::as_writable_bytes(values).begin());
        wire_.all.arrive_and_wait();
        if (rank_ == 0) wire_.merged.clear();
        wire_.all.arrive_and_wait();
    }

    Wire& wire_;
    u32 rank_, ranks_;
};

// Runs each rank's part, and returns the messages sent.
template <class Part>
u64 run_ranks(u32 ranks, Part part) {
    Wire wire(ranks);
    std::vector<std::jthread> threads;
    for (u32 r = 0; r < ranks; ++r)
        threads.emplace_back([&, r] {
            ThreadRank rank(wire, r, ranks);
            part(rank);
        });
    threads.clear();
    return wire.sent;
}

}  // namespace respine::test
