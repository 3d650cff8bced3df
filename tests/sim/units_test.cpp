#include "sim/model/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace respine {
namespace {

double in(const char* text, const char* unit) {
    const auto q = parse_quantity(text);
    if (!q) return -1e99;
    return convert(*q, unit).value_or(-2e99);
}

TEST(Units, ReadsANumberWithAUnit) {
    const auto q = parse_quantity("0.5 mg/kg");
    ASSERT_TRUE(q);
    EXPECT_EQ(q->value, 0.5);
    EXPECT_EQ(q->unit, "mg/kg");
    EXPECT_EQ(parse_quantity("40min")->unit, "min");
    EXPECT_EQ(parse_quantity("3 1/h")->unit, "1/h");
    EXPECT_EQ(parse_quantity("0.3 1/(uM s)  ")->unit, "1/(uM s)");
}

TEST(Units, NoUnitIsOne) {
    EXPECT_EQ(parse_quantity("7")->unit, "1");
    EXPECT_EQ(parse_quantity("7 1")->unit, "1");
}

TEST(Units, ReadsEveryDecimalForm) {
    const std::pair<const char*, double> forms[] = {
        {"0", 0.0},  {"-4", -4.0}, {"+4.5", 4.5},  {".5", 0.5},        {"-.5", -0.5},
        {"5.", 5.0}, {"1e3", 1e3}, {"2E-3", 2e-3}, {"1.25e+2", 125.0}, {"0.001", 0.001}};
    for (const auto& [text, value] : forms) EXPECT_EQ(parse_number(text), value) << text;
}

TEST(Units, RefusesWhatIsNotADecimalNumber) {
    for (const char* text : {"", " ", "abc", "nan", "inf", "-inf", "-", "+-5", ".", "e5", "010", "-007",
                             "1e999", "--5", "mg", " 5"})
        EXPECT_FALSE(parse_quantity(text)) << "'" << text << "'";
    for (const char* text : {"5 mg", "3 1", "1,5", "0x10", "5 5", "1e", "7 "})
        EXPECT_FALSE(parse_number(text)) << text;
}

TEST(Units, AddsTimes) {
    EXPECT_DOUBLE_EQ(in("3 d - 30 min", "h"), 71.5);
    EXPECT_DOUBLE_EQ(in("2 d + 40 min", "min"), 2920.0);
    EXPECT_DOUBLE_EQ(in("-1d+2h-30min", "h"), -22.5);
    EXPECT_EQ(parse_quantity("3 d - 30 min")->unit, "d");
    for (const char* text : {"3 mg + 2 mg", "3 d - 2 mg", "3 d -", "3 d - - 1 h", "3 d + h", "3 + 1 h"})
        EXPECT_LT(in(text, "h"), -1e98) << text;
}

TEST(Units, HexadecimalIsNoKnownUnit) { EXPECT_FALSE(convert(*parse_quantity("0x10"), "1")); }

TEST(Units, ConvertsWithinADimension) {
    EXPECT_DOUBLE_EQ(in("40 min", "h"), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(in("2 d", "s"), 172800.0);
    EXPECT_DOUBLE_EQ(in("30 ms", "s"), 0.03);
    EXPECT_DOUBLE_EQ(in("24 1/d", "1/h"), 1.0);
    EXPECT_DOUBLE_EQ(in("10 Hz", "1/s"), 10.0);
    EXPECT_DOUBLE_EQ(in("6 1/min", "1/s"), 0.1);
    EXPECT_DOUBLE_EQ(in("250 nM", "uM"), 0.25);
    EXPECT_DOUBLE_EQ(in("1 mM", "uM"), 1000.0);
    EXPECT_DOUBLE_EQ(in("500 ug/kg", "mg/kg"), 0.5);
    EXPECT_DOUBLE_EQ(in("2 g", "mg"), 2000.0);
    EXPECT_DOUBLE_EQ(in("500 mL", "L"), 0.5);
    EXPECT_DOUBLE_EQ(in("1000 mL/min", "L/h"), 60.0);
    EXPECT_DOUBLE_EQ(in("0.2 mm", "um"), 200.0);
    EXPECT_DOUBLE_EQ(in("20 %", "1"), 0.2);
}

TEST(Units, EveryMuIsTheSame) {
    EXPECT_EQ(in("5 µM", "uM"), 5.0);  // micro sign
    EXPECT_EQ(in("5 μM", "uM"), 5.0);  // Greek mu
    EXPECT_EQ(in("5 µm", "um"), 5.0);
}

TEST(Units, TheSameUnitKeepsEveryBit) {
    EXPECT_EQ(in("0.1 mg/kg", "mg/kg"), 0.1);
    EXPECT_EQ(in("0.3 h", "h"), 0.3);
}

TEST(Units, AnotherDimensionOrAnUnknownUnitIsNothing) {
    EXPECT_FALSE(convert({1.0, "mg"}, "mg/kg"));
    EXPECT_FALSE(convert({1.0, "h"}, "1/h"));
    EXPECT_FALSE(convert({1.0, "uM"}, "ng/mL"));
    EXPECT_FALSE(convert({1.0, "1"}, "h"));
    EXPECT_FALSE(convert({1.0, "fortnight"}, "h"));
    EXPECT_FALSE(convert({1.0, "h"}, "fortnight"));
    EXPECT_FALSE(convert({1.0, "H"}, "h")) << "units keep their case";
}

TEST(Units, KnowsItsUnitsAndTheirKin) {
    EXPECT_TRUE(is_known_unit("mg/kg"));
    EXPECT_FALSE(is_known_unit("mg/kgs"));
    EXPECT_THAT(units_like("h"), testing::UnorderedElementsAre("s", "ms", "min", "h", "d"));
    EXPECT_THAT(units_like("µM"), testing::UnorderedElementsAre("uM", "nM", "mM"))
        << "names that a keyboard can type";
    EXPECT_TRUE(units_like("fortnight").empty());
}

}  // namespace
}  // namespace respine
