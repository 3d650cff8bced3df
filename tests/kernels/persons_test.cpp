#include "kernels/plasticity/persons.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/kernels/helpers.hpp"

namespace respine {
namespace {

constexpr RatingParams kRated{.rater_sd = 0.1, .inclusion_sd = 0.15, .inclusion = 0.85};
constexpr NewStressParams kStressed{.rate = 0.05, .symptoms = 0.3, .time = 14.0, .undone = 1.0};

TEST(Persons, SharesAreSpreadOnTheirLogit) {
    EXPECT_EQ(logit_normal(0.1, 0.0, 1.7), 0.1) << "to the bit";
    EXPECT_EQ(logit_normal(0.0, 2.0, 1.7), 0.0);
    EXPECT_NEAR(logit_normal(0.1, 1.2, 0.0), 0.1, 1e-15);
    const double share = logit_normal(0.2, 1.5, -0.8);
    EXPECT_NEAR(std::log(share / (1.0 - share)), std::log(0.25) - 1.2, 1e-12);
}

TEST(Persons, WithoutNoiseImprovementIsTheIndex) {
    const RatingParams none{.rater_sd = 0.0, .inclusion_sd = 0.0, .inclusion = 0.85};
    for (const double index : {-0.3, 0.0, 0.123456, 0.5, 0.9})
        for (const double severity : {0.6, 1.0, 1.37}) {
            EXPECT_EQ(inclusion_error(none, 1, 2, severity), 0.0);
            EXPECT_EQ(static_cast<float>(rated_improvement(none, 1, 2, 3, severity, 0.0, index)),
                      static_cast<float>(index));
        }
    EXPECT_TRUE(std::isnan(rated_improvement(kRated, 1, 2, 3, 1.0, 0.1, std::nan(""))));
}

TEST(Persons, WhoIsLetInByAHighScoreRegressesToTheMean) {
    double mean = 0.0;
    constexpr u32 kPeople = 4000;
    for (u32 k = 1; k <= kPeople; ++k) {
        const double error = inclusion_error(kRated, 7, k, 0.9);
        ASSERT_GE(0.9 + error, 0.85);
        mean += rated_improvement(kRated, 7, k, 60, 0.9, error, 0.0) / kPeople;
    }
    const double low = -0.05 / 0.15, density = std::exp(-0.5 * low * low) / std::sqrt(2.0 * M_PI);
    const double expected =
        0.15 * density / (0.5 * std::erfc(low / std::sqrt(2.0)));  // of e_0, cut from below
    EXPECT_NEAR(mean, expected / 0.9, 0.02);
    EXPECT_GT(mean, 0.05);
    EXPECT_EQ(inclusion_error(kRated, 7, 3, 0.01), 0.84) << "who never gets in is let in at the least score";
}

TEST(Persons, RaterNoiseIsOneOfEachVisit) {
    const auto at = [](u64 seed, u32 subject, u32 visit) {
        return rated_improvement(kRated, seed, subject, visit, 1.0, 0.0, 0.4);
    };
    EXPECT_EQ(at(1, 2, 3), at(1, 2, 3));
    EXPECT_NE(at(1, 2, 3), at(1, 2, 4));
    EXPECT_NE(at(1, 2, 3), at(1, 3, 3));
    EXPECT_NE(at(1, 2, 3), at(2, 2, 3));
    double mean = 0.0, square = 0.0;
    constexpr u32 kVisits = 4000;
    for (u32 v = 0; v < kVisits; ++v) {
        const double error = at(1, 1, v) - 0.4;
        mean += error / kVisits, square += error * error / kVisits;
    }
    EXPECT_NEAR(mean, 0.0, 0.006);
    EXPECT_NEAR(std::sqrt(square), 0.1, 0.005);
}

TEST(Persons, SameBitsForAnyThreadCount) {
    test::expect_same_bits_for_any_thread_count([] {
        std::vector<double> rated(3000);
#pragma omp parallel for schedule(dynamic, 7)
        for (u32 k = 0; k < 3000; ++k)
            rated[k] = rated_improvement(kRated, 5, k / 10, k % 10, 1.0,
                                         inclusion_error(kRated, 5, k / 10, 1.0), 0.3);
        return rated;
    });
}

TEST(Persons, NewStressComesAtItsRate) {
    EXPECT_TRUE(new_stress_times({.rate = 0.0, .symptoms = 1, .time = 1, .undone = 1}, 1, 1, 1e6).empty());
    size_t events = 0;
    for (u32 k = 1; k <= 1000; ++k) {
        const auto times = new_stress_times(kStressed, 3, k, 60.0 * 24.0);
        EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
        events += times.size();
        EXPECT_TRUE(times.empty() || times.back() < 60.0 * 24.0);
    }
    EXPECT_NEAR(static_cast<double>(events), 3000.0, 4.0 * std::sqrt(3000.0));
}

TEST(Persons, ALongerRunHasTheSameEventsFirst) {
    const auto some = new_stress_times(kStressed, 3, 8, 1000.0),
               more = new_stress_times(kStressed, 3, 8, 9000.0);
    ASSERT_LE(some.size(), more.size());
    EXPECT_TRUE(std::equal(some.begin(), some.end(), more.begin()));
}

TEST(Persons, NewStressFades) {
    EXPECT_EQ(felt_stress(kStressed, 0.0, 24.0, {}), 0.0);
    EXPECT_NEAR(felt_stress(kStressed, 0.0, 24.0, {12.0}), std::exp(-0.5 / 14.0), 1e-14);
    EXPECT_NEAR(felt_stress(kStressed, 1.0, 14.0 * 24.0, {}), std::exp(-1.0), 1e-14);
    const double half = felt_stress(kStressed, 0.7, 12.0, {5.0});
    EXPECT_NEAR(felt_stress(kStressed, half, 12.0, {}), felt_stress(kStressed, 0.7, 24.0, {17.0}), 1e-14);
}

}  // namespace
}  // namespace respine
