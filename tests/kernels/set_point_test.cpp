#include "kernels/plasticity/set_point.hpp"

#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/set_point.hpp"

namespace respine {
namespace {

constexpr SetPointParams kSetPointParams{.consolidation = 0.3, .back = 20.0, .antidepressant = 0.5};

struct Neurons {
    std::vector<u32> live;
    std::vector<float> pool, stressed, healthy;
    SetPointInput input(double antidepressant, double days) const {
        return {kSetPointParams.back, antidepressant, days, live, pool, stressed, healthy};
    }
};

float moved(u32 live, float pool, double antidepressant, double days, float from,
            const SetPointParams& p = kSetPointParams) {
    const Neurons one{{live}, {pool}, {80.0F}, {100.0F}};
    move_set_point(p, one.input(antidepressant, days), std::span(&from, 1));
    return from;
}

TEST(SetPoint, StaysWithoutProteinHoweverCountsFluctuate) {
    EXPECT_EQ(moved(95, 0.0F, 0.0, 10.0, 80.0F), 80.0F);
    EXPECT_EQ(moved(60, 0.5F, 0.0, 10.0, 80.0F), 80.0F) << "nothing above it, nothing to keep";
}

TEST(SetPoint, OffIsNothing) {
    const SetPointParams off{.consolidation = 0.0, .back = 20.0, .antidepressant = 0.0};
    for (const float from : {80.0F, 80.1F, 33.3F}) {
        const Neurons one{{95}, {1.0F}, {from}, {100.0F}};
        float held = from;
        move_set_point(off, one.input(1.0, 0.02), std::span(&held, 1));
        EXPECT_EQ(held, from) << "to the bit";
    }
}

TEST(SetPoint, KeepsWhatLastsWhileProteinIsMade) {
    const double rate = 0.3 * 0.5 + 1.0 / 20.0, settled = 80.0 + 0.15 / rate * (95.0 - 80.0);
    EXPECT_NEAR(moved(95, 0.5F, 0.0, 2.0, 80.0F), settled + (80.0 - settled) * std::exp(-2.0 * rate), 1e-5);
}

TEST(SetPoint, ReturnsToTheStressedEquilibriumOverWeeks) {
    EXPECT_NEAR(moved(80, 0.0F, 0.0, 20.0, 90.0F), 80.0 + 10.0 * std::exp(-1.0), 1e-5);
}

TEST(SetPoint, AnAntidepressantTakesAShareOfTheDeficitFromIt) {
    EXPECT_NEAR(moved(80, 0.0F, 1.0, 1e4, 80.0F), 90.0, 1e-5);
    EXPECT_NEAR(moved(80, 0.0F, 0.5, 20.0, 80.0F), 85.0 - 5.0 * std::exp(-1.0), 1e-5);
}

TEST(SetPoint, StaysBetweenTheStressedAndTheHealthyCount) {
    EXPECT_EQ(moved(300, 1.0F, 0.0, 1e4, 80.0F), 100.0F);
    EXPECT_EQ(moved(10, 1.0F, 0.0, 1e4, 80.0F), 80.0F);
    const Neurons richer{{130}, {1.0F}, {105.0F}, {100.0F}};  // no deficit: nothing to keep
    float held = 105.0F;
    move_set_point(kSetPointParams, richer.input(1.0, 5.0), std::span(&held, 1));
    EXPECT_EQ(held, 105.0F);
}

// Of one that stress gave more synapses than its healthy count: 120 for 100.
float moved_of_gained(u32 live, double antidepressant, double days) {
    const Neurons net{{live}, {0.8F}, {120.0F}, {100.0F}};
    std::vector<float> held = {120.0F};
    move_set_point(kSetPointParams, net.input(antidepressant, days), held);
    return held[0];
}

TEST(SetPoint, OfAGainUnderStressNothingIsKeptAndAnAntidepressantTakesAShare) {
    EXPECT_EQ(moved_of_gained(150, 0.0, 5.0), 120.0F);
    EXPECT_NEAR(moved_of_gained(100, 1.0, 1e4), 110.0F, 1e-3);
    EXPECT_GE(moved_of_gained(60, 1.0, 1e4), 100.0F);
}

TEST(SetPoint, RepeatedDosesKeepMoreThanOne) {
    float one = 80.0F, six = 80.0F;
    for (int day = 0; day < 12; ++day) {
        one = moved(day < 2 ? 92 : 80, day < 2 ? 0.3F : 0.0F, 0.0, 1.0, one);
        six = moved(92, 0.3F, 0.0, 1.0, six);
    }
    EXPECT_GT(six - 80.0F, 3.0F * (one - 80.0F));
}

TEST(SetPoint, NewStressUndoesAShare) {
    float held[] = {90.0F, 80.0F};
    const float stressed[] = {80.0F, 80.0F};
    undo_set_point(0.25, stressed, held);
    EXPECT_EQ(held[0], 87.5F);
    EXPECT_EQ(held[1], 80.0F);
    undo_set_point(1.0, stressed, held);
    EXPECT_EQ(held[0], 80.0F);
}

TEST(SetPoint, TwoHalfStepsAreOneStep) {
    const float half = moved(95, 0.4F, 0.3, 0.5, 83.0F);
    EXPECT_NEAR(moved(95, 0.4F, 0.3, 0.5, half), moved(95, 0.4F, 0.3, 1.0, 83.0F), 2e-5);
}

Neurons random_neurons(size_t n) {
    Neurons out{{},
                test::random_floats(n, 0.0, 1.0, 1),
                test::random_floats(n, 60.0, 90.0, 2),
                test::random_floats(n, 80.0, 110.0, 3)};
    for (const float live : test::random_floats(n, 50.0, 120.0, 4))
        out.live.push_back(static_cast<u32>(live));
    return out;
}

TEST(SetPoint, AgreesWithNaiveSerial) {
    const size_t n = 1500;
    const Neurons net = random_neurons(n);
    const SetPointInput in = net.input(0.3, 0.02);
    auto held = net.stressed;
    for (float& x : held) x += 4.0F;
    const auto start = held;
    move_set_point(kSetPointParams, in, held);
    std::vector<double> expected;
    for (size_t i = 0; i < n; ++i)
        expected.push_back(reference::set_point(kSetPointParams, in, i, start[i], 50));
    test::expect_close(held, expected, 1e-5);
}

TEST(SetPoint, SameBitsForAnyThreadCount) {
    const Neurons net = random_neurons(4000);
    test::expect_same_bits_for_any_thread_count([&] {
        auto held = net.stressed;
        for (int k = 0; k < 3; ++k) move_set_point(kSetPointParams, net.input(0.3, 0.02), held);
        undo_set_point(0.3, net.stressed, held);
        return held;
    });
}

}  // namespace
}  // namespace respine
