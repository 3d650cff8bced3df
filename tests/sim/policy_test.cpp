// What policies decide on visits, and that a run with them is the run whose doses were typed.

#include "sim/policy/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support.hpp"

namespace respine {
namespace {

using test::shrunk;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Scenario with(const Policy& policy, std::vector<Tick> at = {0}) {
    Scenario s;
    s.file = "test.yaml";
    s.start = -kDay;
    s.duration = 61 * kDay;
    Treatment t;
    t.drug = "ketamine";
    t.dose = 0.5;
    t.over = 40 * kMinute;
    t.at = std::move(at);
    t.policy = policy;
    s.treatments = {t};
    return s;
}

Observed seen(double index) { return {index, 0.0, 0.0, 80.0, index, 1.0, 0.0, 0.0}; }

// The days on which it gives, when the index is `index(day, doses)`.
template <class Index>
std::vector<Tick> days_given(const Scenario& s, Index index, Policies& policies) {
    std::vector<Tick> days;
    for (const Tick at : policies.visits())
        for (const Policies::Dose& d : policies.visit(at, seen(index(at / kDay, days.size())))) {
            EXPECT_EQ(d.treatment, 0U);
            days.push_back(at / kDay);
        }
    EXPECT_LT(policies.visits().back(), s.end());
    return days;
}
template <class Index>
std::vector<Tick> days_given(const Scenario& s, Index index) {
    Policies policies(s, 1);
    return days_given(s, index, policies);
}

std::vector<std::string> decisions(const Policies& p) {
    std::vector<std::string> words;
    for (const u32 d : p.log().decision) words.emplace_back(word_of(static_cast<Decision>(d)));
    return words;
}

TEST(Policy, GivesWhereTheConditionHoldsAndNotTooSoon) {
    const auto falls_on_tenth = [](Tick day, size_t) { return day >= 10 ? 0.2 : 0.8; };
    EXPECT_THAT(
        days_given(
            with({.every = kDay, .until = 20 * kDay, .at_least = 3 * kDay, .when = "response_index < 0.5"}),
            falls_on_tenth),
        testing::ElementsAre(10, 13, 16, 19));
    EXPECT_THAT(days_given(with({.every = 7 * kDay, .from = 4 * kDay, .when = "response_index < 0.5"}),
                           falls_on_tenth),
                testing::ElementsAre(11, 18, 25, 32, 39, 46, 53));
}

TEST(Policy, GivesAfterTheLongestGapWhateverIsSeen) {
    EXPECT_THAT(days_given(with({.every = kDay, .at_most = 20 * kDay, .when = "response_index < 0"}),
                           [](Tick, size_t) { return 1.0; }),
                testing::ElementsAre(20, 40));
    EXPECT_THAT(days_given(with({.every = kDay, .at_most = 20 * kDay}), [](Tick, size_t) { return kNan; }),
                testing::ElementsAre(20, 40))
        << "what is undefined calls for nothing";
}

TEST(Policy, StopsForGoodAfterMissesInARow) {
    const Scenario s = with({.every = kDay,
                             .at_least = 2 * kDay,
                             .when = "response_index < 0.5",
                             .miss_when = "response_index < 0.5",
                             .stop_when = "misses >= 3"});
    Policies policies(s, 1);
    // The second dose helps for a while, those after it do not.
    const auto index = [](Tick day, size_t) { return day == 4 ? 0.9 : 0.1; };
    EXPECT_THAT(days_given(s, index, policies), testing::ElementsAre(2, 5, 7, 9));
    EXPECT_EQ(decisions(policies).back(), "stopped");
    EXPECT_EQ(policies.log().time.back(), 11 * kDay);
}

TEST(Policy, GivesNoMoreThanItsMost) {
    const Scenario s = with({.every = kDay, .when = "response_index < 0.5", .most = 3}, {0, kHour});
    Policies policies(s, 1);
    EXPECT_EQ(days_given(
                  s, [](Tick, size_t) { return 0.0; }, policies)
                  .size(),
              1U);
    EXPECT_EQ(decisions(policies).back(), "enough");
}

TEST(Policy, TapersByAFormula) {
    const Scenario s =
        with({.every = 7 * kDay,
              .until = 30 * kDay,
              .at_most = 7 * kDay,
              .amount = "if(response_index > 0.5, max(0.3 mg/kg, last_dose * 0.8), last_dose)"});
    Policies policies(s, 1);
    days_given(
        s, [](Tick, size_t) { return 0.9; }, policies);
    EXPECT_THAT(policies.log().amount, testing::ElementsAre(0.5 * 0.8, 0.5 * 0.8 * 0.8, 0.3, 0.3));
}

TEST(Policy, AnAmountOfNothingIsHeld) {
    const Scenario s = with({.every = 7 * kDay,
                             .until = 15 * kDay,
                             .at_most = 7 * kDay,
                             .amount = "0.5 mg/kg / (response_index - response_index)"});
    Policies policies(s, 1);
    EXPECT_TRUE(days_given(
                    s, [](Tick, size_t) { return 0.9; }, policies)
                    .empty());
    EXPECT_THAT(decisions(policies), testing::Each("held"));
}

TEST(Policy, AnotherDrugTakesOver) {
    Scenario s = with({.every = 7 * kDay, .when = "response_index < 0.5", .stop_when = "doses >= 4"});
    Treatment other = s.treatments[0];
    other.at.clear();
    other.policy = Policy{.every = 7 * kDay, .when = "stopped_1 == 1 and response_index < 0.5"};
    s.treatments.push_back(other);
    Policies policies(s, 1);
    std::vector<std::pair<Tick, size_t>> given;
    for (const Tick at : policies.visits())
        for (const auto& d : policies.visit(at, seen(0.1))) given.emplace_back(at / kDay, d.treatment);
    ASSERT_GE(given.size(), 5U);
    EXPECT_EQ(given[2], std::pair(Tick{21}, size_t{0}));
    for (size_t k = 3; k < given.size(); ++k) EXPECT_EQ(given[k].second, 1U);
}

TEST(Policy, SubjectsMissVisitsByChance) {
    const Scenario s = with({.every = kHour, .at_most = kHour, .attendance = 0.7});
    Policies policies(s, 3);
    const double come = static_cast<double>(days_given(
                                                s, [](Tick, size_t) { return 0.0; }, policies)
                                                .size());
    const double visits = static_cast<double>(policies.visits().size());
    EXPECT_NEAR(come / visits, 0.7, 4.0 * std::sqrt(0.7 * 0.3 / visits));
    Policies again(s, 3), other(s, 4);
    days_given(
        s, [](Tick, size_t) { return 0.0; }, again);
    days_given(
        s, [](Tick, size_t) { return 0.0; }, other);
    EXPECT_EQ(again.log().decision, policies.log().decision);
    EXPECT_NE(other.log().decision, policies.log().decision);
}

TEST(Policy, GoesOnFromItsLog) {
    const Scenario s = with({.every = kDay,
                             .at_least = 2 * kDay,
                             .when = "response_index < 0.5",
                             .miss_when = "response_index < 0.3",
                             .stop_when = "misses >= 4",
                             .attendance = 0.8});
    const auto index = [](Tick day) { return 0.25 + 0.2 * std::sin(static_cast<double>(day)); };
    Policies whole(s, 5), first(s, 5), second(s, 5);
    for (const Tick at : whole.visits()) whole.visit(at, seen(index(at / kDay)));
    for (const Tick at : first.visits())
        if (at < 12 * kDay) first.visit(at, seen(index(at / kDay)));
    second.log() = first.log();
    EXPECT_FALSE(second.restored(12 * kDay).empty());
    for (const Tick at : second.visits())
        if (at >= 12 * kDay) second.visit(at, seen(index(at / kDay)));
    EXPECT_EQ(second.log().time, whole.log().time);
    EXPECT_EQ(second.log().decision, whole.log().decision);
    EXPECT_EQ(second.log().judged, whole.log().judged);
    second.log().time.back() += 1;
    EXPECT_THROW(second.restored(s.end()), Error);
}

TEST(Policy, SaysWhatIsWrongWithItsFormulas) {
    const auto problems = [](const Policy& p) {
        std::string all;
        for (const PolicyProblem& found : problems_of(with(p).treatments[0], 1))
            all += std::string(found.key) + ": " + found.message + "\n";
        return all;
    };
    EXPECT_EQ(problems({.when = "response_index < 0.5", .amount = "last_dose / 2"}), "");
    EXPECT_EQ(
        problems(
            {.when = "spine_density < 90", .amount = "35 mg", .miss_when = "index > 1", .stop_when = "1"}),
        "when: column 15: % and a number do not go together\n"
        "miss_when: column 1: 'index' is not known here; there is response_index\n"
        "stop_when: column 1: is no condition, such as response_index < 0.5\n"
        "amount: column 1: is no amount in mg/kg, as the dose of this treatment is\n");
    EXPECT_THAT(problems({.when = "doses_2 > 1"}), testing::HasSubstr("'doses_2' is not known here"));
}

// Every step and every bit is that of the run whose doses were typed.
TEST(Policy, GivesWhatTypedDosesGive) {
    Scenario typed = shrunk("human-iv-single", 100, 20, 10 * kDay);
    typed.treatments[0].at = {0, 3 * kDay, 6 * kDay};
    Scenario answered = typed;
    answered.treatments[0].at = {0};
    answered.treatments[0].policy = Policy{.every = 3 * kDay, .until = 6 * kDay, .at_most = 3 * kDay};
    Simulation a(load_inputs(typed)), b(load_inputs(answered));
    while (!a.done()) {
        ASSERT_FALSE(b.done());
        a.advance();
        b.advance();
        ASSERT_EQ(a.now(), b.now());
    }
    EXPECT_TRUE(b.done());
    EXPECT_EQ(b.policy_log().size(), 2U);
    EXPECT_EQ(a.response(), b.response());
    EXPECT_EQ(a.state().live, b.state().live);
    EXPECT_TRUE(std::ranges::equal(a.state().potentiation, b.state().potentiation));
    EXPECT_EQ(a.pharmacology().derived()[0].value, b.pharmacology().derived()[0].value);
}

}  // namespace
}  // namespace respine
