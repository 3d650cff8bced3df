#include "analysis/design/power.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <random>

#include "sim/model/error.hpp"

namespace respine {
namespace {

std::vector<double> responders(u32 of_hundred) {
    std::vector<double> persons(100, 0.0);
    std::fill_n(persons.begin(), of_hundred, 1.0);
    return persons;
}

// Of all outcomes of two binomials, the share that the same test tells apart.
double exact_power(double p, double q, u32 persons) {
    const boost::math::binomial one(persons, p), other(persons, q);
    double power = 0.0;
    for (u32 i = 0; i <= persons; ++i)
        for (u32 j = 0; j <= persons; ++j) {
            const double pooled = (i + j) / (2.0 * persons), spread = pooled * (1.0 - pooled) * 2.0 / persons,
                         apart = std::fabs(static_cast<double>(i) - j) / persons;
            if (spread > 0.0 && apart > 1.959963984540054 * std::sqrt(spread))
                power += boost::math::pdf(one, i) * boost::math::pdf(other, j);
        }
    return power;
}

TEST(Power, MatchesTheBinomial) {
    constexpr u32 kTrials = 4000;
    for (const auto& [p, q] : {std::pair{65U, 30U}, {50U, 40U}, {30U, 30U}, {95U, 80U}})
        for (const u32 persons : {10U, 30U, 100U}) {
            const double exact = exact_power(p / 100.0, q / 100.0, persons);
            const Power power = power_of_trial(responders(p), responders(q), persons, kTrials, 1);
            const double error = std::sqrt(exact * (1.0 - exact) / kTrials);
            EXPECT_NEAR(power.value, exact, 4.0 * error + 1e-9) << p << " " << q << " " << persons;
        }
}

// Of persons that scatter normally about two means the power of Welch's test is near that of the z test.
TEST(Power, OfMeansIsNearThatOfTheNormal) {
    const boost::math::normal normal;
    std::vector<double> a, b;
    for (int k = 0; k < 400; ++k) {
        const double z = boost::math::quantile(normal, (k + 0.5) / 400.0);
        a.push_back(z);
        b.push_back(z + 0.5);
    }
    constexpr u32 kPersons = 64;
    const double shift = 0.5 / std::sqrt(2.0 / kPersons),
                 expected = boost::math::cdf(normal, shift - 1.959963984540054);
    EXPECT_NEAR(power_of_trial(a, b, kPersons, 4000, 2).value, expected, 0.03);
    EXPECT_NEAR(power_of_trial(a, a, kPersons, 4000, 2).value, 0.05, 0.015)
        << "without a difference, the level";
}

TEST(Power, IsTheSameAgainAndWantsPersons) {
    const Power one = power_of_trial(responders(60), responders(40), 40, 500, 9),
                again = power_of_trial(responders(60), responders(40), 40, 500, 9);
    EXPECT_EQ(one.value, again.value);
    EXPECT_THROW(power_of_trial({1.0, NAN}, {1.0, 0.0}, 10, 10, 1), Error);
}

TEST(Power, WithoutScatterMeansDecide) {
    EXPECT_TRUE(differ({2.0, 2.0}, {3.0, 3.0}));
    EXPECT_FALSE(differ({2.0, 2.0}, {2.0, 2.0}));
}

// By hand: log ratios 0.1, 0, 0.2, 0.1: mean 0.1, SD 0.0816497, t(0.95; 3) = 2.353363.
TEST(Equivalence, IsTheIntervalOfPairedLogRatios) {
    const std::vector<double> reference = {10.0, 20.0, 5.0, 8.0};
    std::vector<double> test;
    const double logs[] = {0.1, 0.0, 0.2, 0.1};
    for (size_t k = 0; k < 4; ++k) test.push_back(reference[k] * std::exp(logs[k]));
    const Equivalence e = equivalence_of(test, reference);
    EXPECT_NEAR(e.ratio, std::exp(0.1), 1e-12);
    EXPECT_NEAR(e.low, std::exp(0.1 - 2.353363 * 0.0816497 / 2.0), 1e-6);
    EXPECT_NEAR(e.high, std::exp(0.1 + 2.353363 * 0.0816497 / 2.0), 1e-6);
    EXPECT_EQ(e.persons, 4U);
    EXPECT_TRUE(e.holds());
    EXPECT_FALSE(e.holds(0.9, 1.11));
}

// Where the true ratio is the limit itself, one trial in twenty is called equivalent.
TEST(Equivalence, ErrsInOneTrialOfTwentyAtItsLimit) {
    std::mt19937 generator(5);
    std::normal_distribution<double> noise(std::log(1.25), 0.15);
    u32 called = 0;
    constexpr u32 kTrials = 4000;
    for (u32 trial = 0; trial < kTrials; ++trial) {
        std::vector<double> test, reference(24, 1.0);
        for (int k = 0; k < 24; ++k) test.push_back(std::exp(noise(generator)));
        called += equivalence_of(test, reference).holds() ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(called) / kTrials, 0.05, 4.0 * std::sqrt(0.05 * 0.95 / kTrials));
}

TEST(Equivalence, PersonsWithoutBothValuesAreLeftOut) {
    const double nan = std::nan("");
    EXPECT_EQ(equivalence_of({1.0, nan, 2.0, 0.0, 3.0}, {1.1, 1.0, 2.1, 1.0, 2.9}).persons, 3U);
    EXPECT_THROW(equivalence_of({1.0, nan}, {1.0, 1.0}), Error);
}

}  // namespace
}  // namespace respine
