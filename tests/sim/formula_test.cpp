#include "sim/expression/formula.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace respine {
namespace {

const std::map<std::string, Symbol, std::less<>> kNames = {{"index", {0, "1"}},      {"density", {1, "%"}},
                                                           {"plasma", {2, "ng/mL"}}, {"since_dose", {3, "s"}},
                                                           {"dose", {4, "mg/kg"}},   {"rate", {5, "Hz"}}};

FormulaScope scope(bool over_time = false) {
    FormulaScope s;
    s.find = [](std::string_view name) -> std::optional<Symbol> {
        const auto at = kNames.find(name);
        return at == kNames.end() ? std::nullopt : std::optional(at->second);
    };
    for (const auto& [name, symbol] : kNames) s.names.push_back(name);
    s.over_time = over_time;
    return s;
}

double value(const std::string& text, std::vector<double> of = {0.4, 85.0, 120.0, 86400.0, 0.5, 3.0}) {
    return Formula(text, scope()).value(of);
}

std::string error_of(const std::string& text, bool over_time = false) {
    try {
        const Formula f(text, scope(over_time));
    } catch (const FormulaError& e) {
        return e.text();
    }
    return "";
}

TEST(Formula, FollowsTheUsualOrderOfOperations) {
    EXPECT_EQ(value("1 + 2 * 3 - 4 / 2"), 5.0);
    EXPECT_EQ(value("-2^2"), -4.0);
    EXPECT_EQ(value("2^-2 * (1 + 1)"), 0.5);
    EXPECT_EQ(value("10 - 3 - 2"), 5.0);
    EXPECT_EQ(value("not 1 > 2 and 3 >= 3 or 1 == 2"), 1.0);
    EXPECT_EQ(value("1.5e1 / 3"), 5.0);
}

TEST(Formula, ConvertsUnits) {
    EXPECT_EQ(value("since_dose >= 24 h"), 1.0);
    EXPECT_EQ(value("since_dose > 1 d"), 0.0);
    EXPECT_EQ(value("density < 90 %"), 1.0);
    EXPECT_NEAR(value("plasma / (1 mg / 1 L)"), 0.12, 1e-15);
    EXPECT_NEAR(value("rate * 2 min"), 360.0, 1e-12);
    EXPECT_NEAR(value("since_dose * 2/d"), 2.0, 1e-12);
    EXPECT_EQ(Formula("dose * 70 kg", scope()).dimension(), meaning_of("mg")->dimension);
}

TEST(Formula, AgreesWithTheLibraryOnFunctions) {
    EXPECT_NEAR(value("exp(1.5)"), std::exp(1.5), 1e-15 * std::exp(1.5));
    EXPECT_NEAR(value("log(7)"), std::log(7.0), 1e-15);
    EXPECT_NEAR(value("hill(index, 0.3, 2.5)"),
                std::pow(0.4, 2.5) / (std::pow(0.3, 2.5) + std::pow(0.4, 2.5)), 1e-14);
    EXPECT_EQ(value("hill(0 - index, 0.3, 2)"), 0.0);
    EXPECT_EQ(value("clamp(index, 0.5, 1) + if(index > 1, 2, 3) + min(1, 2) + max(1, 2) + abs(-1)"), 7.5);
    EXPECT_EQ(value("sqrt(index^2)"), 0.4);
}

TEST(Formula, WhatIsUndefinedHoldsNoCondition) {
    const double nan = std::nan("");
    for (const char* text :
         {"index < 1", "index >= 0", "index == index", "index != 0", "1 / 0 > 0", "log(0) < 0"})
        EXPECT_EQ(value(text, {nan, 0, 0, 0, 0, 0}), 0.0) << text;
    EXPECT_TRUE(std::isnan(value("1 / (index - index)")));
}

TEST(Formula, SaysWhereAndWhatIsWrong) {
    EXPECT_EQ(error_of("density < 90"), "column 9: % and a number do not go together");
    EXPECT_EQ(error_of("index + since_dose"), "column 7: a number and s do not go together");
    EXPECT_EQ(error_of("index <"), "column 8: the formula ends where a value is missing");
    EXPECT_EQ(error_of("3 days"), "column 3: 'days' is no unit");
    EXPECT_THAT(error_of("respnse > 1"),
                testing::StartsWith("column 1: 'respnse' is not known here; there is"));
    EXPECT_THAT(error_of("sinc(1)"), testing::StartsWith("column 1: 'sinc' is no function; there is exp"));
    EXPECT_EQ(error_of("hill(index, 1)"), "column 1: write hill(x, half, n)");
    EXPECT_EQ(error_of("exp(since_dose)"), "column 1: wants a number, not s");
    EXPECT_EQ(error_of("index and 1 > 0"),
              "column 7: a value stands where a condition is wanted, such as x < 0.5");
    EXPECT_EQ(error_of("(index > 0) + 1"), "column 13: a condition stands where a value is wanted");
    EXPECT_EQ(error_of("index = 1"), "column 8: write == to compare");
    EXPECT_EQ(error_of("index ^ 10"), "column 9: a power is a whole number from 0 to 9");
    EXPECT_EQ(error_of("index; 1"), "column 6: ';' does not fit here");
    EXPECT_EQ(error_of("(index"), "column 7: ')' is missing");
    EXPECT_EQ(error_of("mean(index, 0 h, 1 h)"),
              "column 1: 'mean' is no function; there is exp, log, sqrt, abs, min, max, clamp, hill, if");
    EXPECT_THAT(error_of(std::string(100, '(')), testing::HasSubstr("more than 64 parts"));
    EXPECT_THAT(error_of("1 + " + std::string(5000, ' ')), testing::HasSubstr("at most 4000"));
    EXPECT_THAT(error_of("((((((since_dose^9)^9)^9)^9)^9)^9)^9"),
                testing::HasSubstr("no unit has such a power"));
}

TEST(Formula, GivesEachLaneItsOwn) {
    std::vector<double> a(1000), other(1000, 1.0), out(1000);
    for (size_t k = 0; k < a.size(); ++k) a[k] = 0.001 * static_cast<double>(k);
    const Formula f("index * (2 - index) + if(index > 0.5, 1, 0)", scope());
    const std::vector<const double*> values = {a.data(),     other.data(), other.data(),
                                               other.data(), other.data(), other.data()};
    f.values(values, out);
    for (size_t k = 0; k < a.size(); ++k)
        ASSERT_EQ(out[k], a[k] * (2.0 - a[k]) + (a[k] > 0.5 ? 1.0 : 0.0)) << k;
}

// index rises from 0 to 1 over the first day and falls to 0 over the next two.
double over(const std::string& text) {
    const std::vector<double> time = {0, 43200, 86400, 86400 + 86400, 3 * 86400};
    const std::vector<double> index = {0, 0.5, 1, 0.5, 0}, flat(5, 50.0);
    Course course{time, {index, flat, flat, flat, flat, flat}};
    const Formula f(text, scope(true));
    EXPECT_FALSE(f.is_course()) << text;
    return value_over(f, course);
}

TEST(Formula, ReadsWindowsOffACourse) {
    EXPECT_EQ(over("max(index)"), 1.0);
    EXPECT_EQ(over("min(index, 6 h, 12 h)"), 0.25);
    EXPECT_DOUBLE_EQ(over("mean(index, 0 h, 1 d)"), 0.5);
    EXPECT_DOUBLE_EQ(over("area(index) / 1 d"), 1.5);
    EXPECT_DOUBLE_EQ(over("at(index, 36 h)"), 0.75);
    EXPECT_DOUBLE_EQ(over("max(index, 0 h, 6 h) / max(index)"), 0.25);
    EXPECT_DOUBLE_EQ(over("days(index >= 0.5) / 1 d"), 2.5) << "from 12 h to the row at which it is 0";
    EXPECT_EQ(over("count(index >= 0.5)"), 1.0);
    EXPECT_EQ(over("first(index >= 0.5)"), 43200.0);
    EXPECT_EQ(over("last(index >= 0.5)"), 3 * 86400.0);
    EXPECT_EQ(over("count(index > 2)"), 0.0);
    EXPECT_TRUE(std::isnan(over("first(index > 2)")));
    EXPECT_TRUE(std::isnan(over("mean(index, 0 h, 4 d)"))) << "beyond what is known";
    EXPECT_DOUBLE_EQ(over("mean(density / 100 %, 0 h, 1 d)"), 0.5);
}

TEST(Formula, WindowsAreCheckedLikeAllElse) {
    EXPECT_EQ(error_of("mean(index, 0 h)", true), "column 1: write mean(x, from, to)");
    EXPECT_EQ(error_of("mean(index, 0, 1)", true), "column 1: from, to and time are times, such as 24 h");
    EXPECT_EQ(error_of("days(index)", true),
              "column 1: a value stands where a condition is wanted, such as x < 0.5");
    EXPECT_TRUE(Formula("index", scope(true)).is_course());
    EXPECT_EQ(Formula("area(index)", scope(true)).dimension(), kOfTime);
}

}  // namespace
}  // namespace respine
