#include "kernels/plasticity/lost_places.hpp"

#include <random>

#include "tests/kernels/turnover.hpp"
#include "tests/reference/lost_places.hpp"

namespace respine {
namespace {

constexpr double kTau = 7.0, kStep = 1.0 / 48.0;  // d

// Memory of so many rows, `most` places each, in the form of the kernel.
struct Held {
    reference::PlasticRows rows;
    std::vector<float> weight = place_weights(kTau, kStep);
    u32 most;
    bool keeps_mark;
    Held(size_t count, u32 places, bool mark = false) : most(places), keeps_mark(mark) {
        for (size_t i = 0; i < count; ++i) rows.add_row(0, places);
    }
    LostPlaces view(double share = 0.8) { return {rows.view(), most, keeps_mark, share, weight}; }
    std::vector<reference::Place> row(size_t i) const {
        std::vector<reference::Place> places;
        for (u64 k = rows.begin[i]; k < rows.begin[i] + rows.live[i]; ++k)
            places.push_back(
                {rows.source[k], rows.birth[k], u32{rows.log_size[k]} >> 1, (rows.log_size[k] & 1U) != 0});
        return places;
    }
};

u32 choose(const LostPlaces& places, size_t row, u32 step, double u) {
    return choose_place(places, row, step, weight_of_places(places, row, step), u);
}

void expect_same(const Held& held, const reference::Memory& memory) {
    for (size_t i = 0; i < memory.size(); ++i)
        ASSERT_EQ(held.row(i), std::vector<reference::Place>(memory[i].begin(), memory[i].end())) << i;
}

TEST(LostPlaces, TurnoverRemembersItsLastLossesInTheirOrder) {
    for (const bool keeps_mark : {false, true}) {
        turnover::Turnover t = turnover::lively(300);
        t.newborn = newborn_step({.share = 0.5, .hazard = 0.9, .maturation = 0.1, .protein = 0.0}, 1.0, 0.5);
        t.pool.assign(300, 0.0F);
        auto rows = reference::random_rows(300, 90, turnover::kSources, 3), expected = rows;
        auto out_degree = rows.out_degree(turnover::kSources), expected_degree = out_degree;
        Held held(300, 7, keeps_mark);
        reference::Memory memory(300);
        std::vector<u32> lost(block_count(300));
        for (t.tick = 1; t.tick <= 5; ++t.tick) {
            TurnoverInput in = t.input();
            in.places = held.view();
            turn_over_spines(in, rows.view(), 0, rows.count(), out_degree, lost, {});
            std::vector<SynapseEvent> events;
            reference::turn_over(in, expected.view(), expected_degree, events, &memory);
            ASSERT_EQ(rows.birth, expected.birth) << "remembering changes nothing else";
            expect_same(held, memory);
        }
        u64 full = 0;
        for (const auto& row : memory) full += row.size() == 7 ? 1 : 0;
        EXPECT_GT(full, 50U);
    }
}

TEST(LostPlaces, ChoiceIsThatOfTheNaiveSum) {
    std::mt19937 engine(1);
    Held held(50, 20);
    reference::Memory memory(50);
    for (size_t i = 0; i < 50; ++i)
        for (u32 k = 0; k < i % 25; ++k) {
            const reference::Place p{static_cast<u32>(engine() % 1000), static_cast<u32>(engine() % 40000),
                                     600 + 20 * k, false};
            reference::remember(memory, i, p, 20);
            remember_place(held.view(), i, p.source, static_cast<u16>(p.birth), loss_stamp(p.step, p.mark));
        }
    expect_same(held, memory);
    size_t taken = 0;
    for (size_t n = 0; n < 20000; ++n) {
        const size_t i = n % 50;
        const double u = (static_cast<double>(engine()) + 0.5) / 4294967296.0;
        const auto wanted = reference::choose(memory[i], 0.8, kTau, kStep, 1200, u);
        const u32 found = choose(held.view(), i, 1200, u);
        ASSERT_EQ(found, wanted ? static_cast<u32>(*wanted) : kNoPlace) << i << " " << u;
        taken += wanted ? 1 : 0;
    }
    EXPECT_GT(taken, 5000U);
}

TEST(LostPlaces, OneFreshPlaceIsTakenByHalfOfTheShareAndManyByAllOfIt) {
    Held held(2, 400);
    remember_place(held.view(), 0, 1, 2, loss_stamp(100, false));
    for (u32 k = 0; k < 400; ++k) remember_place(held.view(), 1, k, 2, loss_stamp(100, false));
    EXPECT_EQ(choose(held.view(0.6), 0, 100, 0.299), 0U);
    EXPECT_EQ(choose(held.view(0.6), 0, 100, 0.301), kNoPlace);
    EXPECT_NE(choose(held.view(0.6), 1, 100, 0.595), kNoPlace);
    EXPECT_EQ(choose(held.view(0.6), 1, 100, 0.6), kNoPlace);
}

TEST(LostPlaces, AreForgottenAndStampsWrapAround) {
    Held held(1, 4);
    remember_place(held.view(), 0, 1, 2, loss_stamp(kStampPeriod - 3, true));
    EXPECT_EQ(steps_since(loss_stamp(kStampPeriod - 3, true), 2), 5U);
    EXPECT_EQ(choose(held.view(1.0), 0, 2, 0.3), 0U);
    const u32 late = static_cast<u32>(held.weight.size());
    EXPECT_NEAR(held.weight.back(), 0.05, 1e-3);
    EXPECT_EQ(choose(held.view(1.0), 0, late, 1e-9), kNoPlace);
}

TEST(LostPlaces, TakingOneOutKeepsTheOrderOfTheOthers) {
    Held held(1, 4);
    for (u32 k = 0; k < 4; ++k) remember_place(held.view(), 0, k, 7, loss_stamp(k, false));
    take_place(held.view(), 0, 1);
    const auto row = held.row(0);
    ASSERT_EQ(row.size(), 3U);
    EXPECT_EQ(row[0].source, 0U);
    EXPECT_EQ(row[1].source, 2U);
    EXPECT_EQ(row[2].source, 3U);
}

}  // namespace
}  // namespace respine
