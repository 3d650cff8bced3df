#include "kernels/activity/ampa.hpp"

#include "tests/kernels/helpers.hpp"
#include "tests/reference/ampa.hpp"

namespace respine {
namespace {

std::vector<float> drive(const std::vector<float>& recurrent, const std::vector<float>& potentiation,
                         const std::vector<float>& baseline, double blocked) {
    std::vector<float> ampa(recurrent.size(), -1.0F);
    drive_ampa(recurrent, potentiation, baseline, blocked, ampa);
    return ampa;
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

TEST(Ampa, PotentiationRisesWithThePool) {
    std::vector<float> potentiation(3);
    potentiate_synapses({.potentiation = 0.6}, std::vector<float>{0.0F, 0.5F, 1.0F}, potentiation);
    EXPECT_EQ(potentiation[0], 1.0F);
    EXPECT_FLOAT_EQ(potentiation[1], 1.3F);
    EXPECT_FLOAT_EQ(potentiation[2], 1.6F);
}

TEST(Ampa, AgreesWithNaiveSerial) {
    const auto recurrent = test::random_floats(2001, 0.0, 2.0, 1),
               pool = test::random_floats(2001, 0.0, 1.0, 2);
    const auto baseline = test::random_floats(2001, 0.1, 1.0, 3);
    std::vector<float> potentiation(2001);
    potentiate_synapses({.potentiation = 0.4}, pool, potentiation);
    std::vector<double> expected;
    for (size_t i = 0; i < 2001; ++i)
        expected.push_back(reference::ampa_drive(0.4, pool[i], recurrent[i], baseline[i], 0.3));
    test::expect_close(drive(recurrent, potentiation, baseline, 0.3), expected, 3e-7);
}

TEST(Ampa, SameBitsForAnyThreadCount) {
    const auto recurrent = test::random_floats(5000, 0.0, 2.0, 4),
               pool = test::random_floats(5000, 0.0, 1.0, 5);
    const auto baseline = test::random_floats(5000, 0.1, 1.0, 6);
    test::expect_same_bits_for_any_thread_count([&] {
        std::vector<float> potentiation(5000);
        potentiate_synapses({.potentiation = 0.4}, pool, potentiation);
        return drive(recurrent, potentiation, baseline, 0.3);
    });
}

TEST(Ampa, EmptySpanIsNoWork) { EXPECT_TRUE(drive({}, {}, {}, 0.0).empty()); }

}  // namespace
}  // namespace respine
