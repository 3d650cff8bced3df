#include "kernels/activity/ampa.hpp"

#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/ampa.hpp"

namespace respine {
namespace {

std::vector<float> drive(const std::vector<float>& recurrent, const std::vector<float>& potentiation,
                         const std::vector<float>& baseline, double blocked, float used_to = 1.0F) {
    const std::vector<float> gain(recurrent.size(), 1.0F), habit(recurrent.size(), used_to - 1.0F);
    std::vector<float> ampa(recurrent.size(), -1.0F);
    drive_ampa({recurrent, potentiation, baseline, gain}, habit, blocked, ampa);
    return ampa;
}

float habit_after(const AmpaParams& p, double dt, float recurrent, float used_to) {
    const std::vector<float> one = {1.0F}, in = {recurrent};
    float habit = used_to - 1.0F;
    get_used_to(p, {in, one, one, one}, dt, std::span(&habit, 1));
    return 1.0F + habit;
}

TEST(Ampa, DriveIsOneAtBaseline) { EXPECT_EQ(drive({0.37F}, {1.0F}, {0.37F}, 0.0)[0], 1.0F); }

TEST(Ampa, DriveIsTheProductOverTheBaseline) {
    EXPECT_FLOAT_EQ(drive({0.6F}, {1.25F}, {0.5F}, 0.2)[0], 1.2F);
}

TEST(Ampa, FullBlockLeavesNoDrive) { EXPECT_EQ(drive({0.6F}, {1.25F}, {0.5F}, 1.0)[0], 0.0F); }

TEST(Ampa, ANeuronWithoutBaselineStaysWhereItStarted) {
    EXPECT_EQ(drive({0.0F}, {1.5F}, {0.0F}, 0.0)[0], 1.0F);
    EXPECT_EQ(drive({0.0F}, {1.5F}, {0.0F}, 1.0)[0], 0.0F);
}

TEST(Ampa, DriveIsOverWhatTheNeuronIsUsedTo) {
    EXPECT_FLOAT_EQ(drive({0.6F}, {1.0F}, {0.5F}, 0.0, 1.2F)[0], 1.0F);
}

TEST(Ampa, ANeuronGetsUsedToItsDrive) {
    const AmpaParams p{.potentiation = 0.0, .habituation = 12.0, .least_habit = 0.9, .modulator = 0.0};
    EXPECT_NEAR(habit_after(p, 12.0, 1.3F, 1.0F), 1.3 - 0.3 * std::exp(-1.0), 1e-6);
    EXPECT_NEAR(habit_after(p, 1.7, 1.3F, 0.9F), reference::used_to(p, 1.3, 1.7, 0.9), 1e-6);
    EXPECT_EQ(habit_after({.potentiation = 0.0, .habituation = 0.0, .least_habit = 0.9, .modulator = 0.0},
                          12.0, 1.3F, 1.0F),
              1.0F)
        << "switched off";
    EXPECT_NEAR(habit_after(p, 12.0, 0.3F, 1.2F), 0.9 + 0.3 * std::exp(-1.0), 1e-6) << "not to silence";
}

TEST(Ampa, WhatASpikeBringsScalesTheDrive) {
    const std::vector<float> one = {1.0F}, gain = {1.5F}, none = {0.0F};
    float ampa = 0.0F;
    drive_ampa({one, one, one, gain}, none, 0.2, std::span(&ampa, 1));
    EXPECT_FLOAT_EQ(ampa, 1.2F);
}

TEST(Ampa, PotentiationRisesWithThePool) {
    std::vector<float> potentiation(3);
    potentiate_synapses({.potentiation = 0.6, .habituation = 0.0, .least_habit = 1.0, .modulator = 0.0},
                        std::vector<float>{0.0F, 0.5F, 1.0F}, potentiation);
    EXPECT_EQ(potentiation[0], 1.0F);
    EXPECT_FLOAT_EQ(potentiation[1], 1.3F);
    EXPECT_FLOAT_EQ(potentiation[2], 1.6F);
}

TEST(Ampa, AgreesWithNaiveSerial) {
    const auto recurrent = test::random_floats(2001, 0.0, 2.0, 1),
               pool = test::random_floats(2001, 0.0, 1.0, 2);
    const auto baseline = test::random_floats(2001, 0.1, 1.0, 3);
    std::vector<float> potentiation(2001);
    potentiate_synapses({.potentiation = 0.4, .habituation = 0.0, .least_habit = 1.0, .modulator = 0.0}, pool,
                        potentiation);
    std::vector<double> expected;
    for (size_t i = 0; i < 2001; ++i)
        expected.push_back(reference::ampa_drive(0.4, pool[i], recurrent[i], baseline[i], 1.1F, 0.3));
    test::expect_close(drive(recurrent, potentiation, baseline, 0.3, 1.1F), expected, 3e-7);
}

TEST(Ampa, SameBitsForAnyThreadCount) {
    const auto recurrent = test::random_floats(5000, 0.0, 2.0, 4),
               pool = test::random_floats(5000, 0.0, 1.0, 5);
    const auto baseline = test::random_floats(5000, 0.1, 1.0, 6);
    test::expect_same_bits_for_any_thread_count([&] {
        std::vector<float> potentiation(5000);
        potentiate_synapses({.potentiation = 0.4, .habituation = 0.0, .least_habit = 1.0, .modulator = 0.0},
                            pool, potentiation);
        return drive(recurrent, potentiation, baseline, 0.3);
    });
}

TEST(Ampa, EmptySpanIsNoWork) { EXPECT_TRUE(drive({}, {}, {}, 0.0).empty()); }

}  // namespace
}  // namespace respine
