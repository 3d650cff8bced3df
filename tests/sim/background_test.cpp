#include "sim/system/background.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace respine {
namespace {

TEST(Background, WorkIsDoneInItsOrder) {
    std::vector<int> done;
    Background background(1000);
    for (int k = 0; k < 500; ++k) background.post(10, [&done, k] { done.push_back(k); });
    background.wait();
    ASSERT_EQ(done.size(), 500U);
    for (int k = 0; k < 500; ++k) EXPECT_EQ(done[static_cast<size_t>(k)], k);
    EXPECT_GT(background.seconds(), 0.0);
}

TEST(Background, WhatWaitsHoldsNoMoreThanItMay) {
    std::atomic<int> held = 0, most = 0;
    Background background(100);
    for (int k = 0; k < 200; ++k) {
        const int bytes = k % 7 == 0 ? 250 : 30;  // one larger than the room goes alone
        background.post(static_cast<size_t>(bytes), [&held, bytes] { held -= bytes; });
        most = std::max(most.load(), held += bytes);
    }
    background.wait();
    EXPECT_EQ(held, 0);
    EXPECT_LE(most, 100 + 250);  // counted here after it was let in, when the one before may be done
}

TEST(Background, ThrowsWhatItsWorkThrewAndDropsWhatCameBehind) {
    std::vector<int> done;
    Background background(1000);
    std::atomic<bool> go = false;
    background.post(0, [&] {
        while (!go) std::this_thread::yield();
        throw std::runtime_error("disk is full");
    });
    background.post(0, [&] { done.push_back(1); });
    go = true;
    EXPECT_THROW(background.wait(), std::runtime_error);
    EXPECT_TRUE(done.empty());
    background.post(0, [&] { done.push_back(2); });  // and goes on after it was told
    background.wait();
    EXPECT_EQ(done, std::vector<int>{2});
}

TEST(Background, EndsWhenAllIsDone) {
    std::atomic<int> done = 0;
    {
        Background background(10);
        for (int k = 0; k < 50; ++k) background.post(5, [&] { ++done; });
    }
    EXPECT_EQ(done, 50);
}

}  // namespace
}  // namespace respine
