// One turnover of random rows, for the tests of what dies and what matures.
#pragma once

#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "kernels/plasticity/pruning.hpp"
#include "tests/kernels/helpers.hpp"
#include "tests/reference/rows.hpp"
#include "tests/reference/turnover.hpp"

namespace respine::turnover {

inline constexpr WalkStep kStill{.keep = 1.0F, .noise = 0.0F};
inline constexpr u32 kSources = 500;

struct Turnover {
    LossTable loss;
    std::vector<float> equilibrium;
    WalkStep walk = kStill;
    double homeostasis = 0.0;
    u64 seed = 7;
    u32 tick = 11;
    NewbornStep newborn = {};
    std::vector<float> pool = {};
    TurnoverInput input() const { return {walk, loss, equilibrium, homeostasis, seed, tick, newborn, pool}; }
};

// Every size at the same chance; rows hold as many as they should.
inline Turnover constant_chance(size_t rows, float chance) {
    return {.loss = LossTable(std::vector<float>(kSizeTable, chance)),
            .equilibrium = std::vector<float>(rows, 1e9F)};
}

// A state whose sizes, losses and homeostasis all matter.
inline Turnover lively(size_t rows) {
    return {
        .loss = loss_table({.hazard = 0.06, .steepness = 1.0, .stress = 1.3, .homeostasis = 3.0}, 1.3, 0.5),
        .equilibrium = test::random_floats(rows, 5.0, 120.0, 21),
        .walk = {.keep = 0.99F, .noise = 1.7F},
        .homeostasis = 3.0};
}

struct Outcome {
    u64 total = 0;
    std::vector<u32> lost;
    std::vector<std::vector<SynapseEvent>> events;
};

inline Outcome turn_over(const Turnover& t, reference::PlasticRows& rows, std::vector<u32>& out_degree) {
    Outcome o{0, std::vector<u32>(block_count(rows.count())),
              std::vector<std::vector<SynapseEvent>>(block_count(rows.count()))};
    turn_over_spines(t.input(), rows.view(), 0, rows.count(), out_degree, o.lost, o.events);
    o.total = std::accumulate(o.lost.begin(), o.lost.end(), u64{0});
    return o;
}

inline void expect_naive_serial(Turnover t) {
    auto rows = reference::random_rows(2300, 133, kSources, 7), expected = rows;
    auto out_degree = rows.out_degree(kSources), expected_degree = out_degree;
    for (t.tick = 1; t.tick <= 4; ++t.tick) {
        const Outcome o = turn_over(t, rows, out_degree);
        std::vector<SynapseEvent> lost;
        reference::turn_over(t.input(), expected.view(), expected_degree, lost);
        ASSERT_EQ(rows.live, expected.live);
        ASSERT_EQ(rows.source, expected.source);
        ASSERT_EQ(rows.log_size, expected.log_size);
        ASSERT_EQ(rows.birth, expected.birth);
        ASSERT_EQ(out_degree, expected_degree);
        ASSERT_EQ(o.total, lost.size());
        size_t n = 0;
        for (const auto& block : o.events)
            for (const SynapseEvent& e : block) {
                ASSERT_EQ(std::tie(e.source, e.target, e.log_size),
                          std::tie(lost[n].source, lost[n].target, lost[n].log_size))
                    << "event " << n;
                ++n;
            }
    }
}

inline void expect_same_bits(const Turnover& t) {
    test::expect_same_bits_for_any_thread_count([&] {
        auto rows = reference::random_rows(9000, 50, kSources, 8);
        auto out_degree = rows.out_degree(kSources);
        turn_over(t, rows, out_degree);
        std::vector<u32> all = rows.sources();
        all.insert(all.end(), rows.live.begin(), rows.live.end());
        all.insert(all.end(), rows.log_size.begin(), rows.log_size.end());
        all.insert(all.end(), rows.birth.begin(), rows.birth.end());
        all.insert(all.end(), out_degree.begin(), out_degree.end());
        return all;
    });
}

}  // namespace respine::turnover
