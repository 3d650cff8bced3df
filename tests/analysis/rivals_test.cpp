// Scores of rivals, and the experiment that tells two apart.

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/rivals/evidence.hpp"
#include "analysis/rivals/experiments.hpp"
#include "analysis/rivals/readouts.hpp"
#include "sim/model/error.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

TargetResult result(const std::string& kind, double mean, double reference = NAN) {
    TargetRow row{};
    row.kind = kind;
    row.value = 10.0, row.low = 6.0, row.high = 14.0;
    TargetResult r{};
    r.row = row;
    r.mean = mean;
    r.reference_mean = reference;
    r.verdict = Verdict::kPass;
    return r;
}

TEST(RivalScore, DensityOfAValueIsThatOfTheNormalLawAroundTheRival) {
    const RowScore s = score_of(result("value", 12.0));  // half-width 4: two standard errors of 2
    EXPECT_NEAR(s.density, -0.5 - std::log(2.0 * std::sqrt(2.0 * M_PI)), 1e-12);
    EXPECT_GT(score_of(result("value", 10.0)).density, s.density);
}

TEST(RivalScore, BeyondTheLeastChangeNothingIsGained) {
    const RowScore just = score_of(result("up", 1.1, 1.0)), far = score_of(result("up", 2.0, 1.0));
    EXPECT_NEAR(just.density, std::log(0.5), 1e-9);
    EXPECT_NEAR(far.density, 0.0, 1e-6);
    EXPECT_LT(score_of(result("up", 0.9, 1.0)).density, -7.0);
    EXPECT_NEAR(score_of(result("down", 0.9, 1.0)).density, std::log(0.5), 1e-9);
}

TEST(RivalScore, AStateThatNothingMovedIsNoReferenceToDivideBy) {
    EXPECT_NEAR(score_of(result("up", 0.6, 1e-9)).spread, 0.05, 1e-12);
}

TEST(RivalScore, ARivalWithoutAValueHasNoDensity) {
    EXPECT_TRUE(std::isnan(score_of(result("value", NAN)).density));
}

TEST(RivalScore, RowsThatAllMeetAlikeSeparateNothing) {
    const std::vector<RowScore> alike = {score_of(result("zero", 0.1)), score_of(result("zero", -0.1))},
                                apart = {score_of(result("zero", 0.1)), score_of(result("zero", 9.1))};
    EXPECT_LT(separation_of(alike), 0.2);
    EXPECT_NEAR(separation_of(apart), 6.0, 1e-12);
}

TEST(PlantedRival, IsFoundWhereRivalsDifferAndNotWhereTheyAreAlike) {
    const auto rows = [](double shift) {
        std::vector<RowScore> scores;
        for (int k = 0; k < 12; ++k) scores.push_back(score_of(result("value", 10.0 + k % 3 * shift)));
        return scores;
    };
    const std::vector<std::vector<RowScore>> apart = {rows(0.0), rows(4.0)}, alike = {rows(0.0), rows(0.0)};
    EXPECT_GT(recovered(1, apart, apart, 100)[1], 0.95);
    EXPECT_GT(recovered(0, apart, apart, 100)[0], 0.95);
    const std::vector<double> share = recovered(1, alike, alike, 100);
    EXPECT_NEAR(share[0] + share[1], 1.0, 1e-9);
    EXPECT_EQ(share[1], 0.0) << "a tie goes to the first: data cannot tell them apart";
}

Prediction prediction(double a, double b, double sd, double noise) {
    return {nullptr, nullptr, "1 h", "1", {a, b}, {noise, noise}, {sd, sd}};
}

TEST(RivalExperiment, SeparationCountsAnimalsAndSeeds) {
    EXPECT_NEAR(separation(prediction(3.0, 1.0, 1.0, 0.0), 0, 1), 2.0, 1e-12);
    EXPECT_NEAR(separation(prediction(3.0, 1.0, 0.6, 0.8), 0, 1), 2.0, 1e-12);
    EXPECT_TRUE(std::isnan(separation(prediction(NAN, 1.0, 1.0, 0.0), 0, 1)));
}

TEST(RivalExperiment, AnimalsFallWithTheSquareOfTheSeparation) {
    EXPECT_EQ(animals(1.0), 22.0);  // 2 (2 x 1.645)^2 = 21.6
    EXPECT_EQ(animals(2.0), 6.0);
    EXPECT_EQ(animals(100.0), 2.0) << "a group of one has no spread";
}

TEST(Readouts, AreReadWithTheirSpread) {
    const test::TemporaryFolder folder;
    const std::vector<Readout> rows =
        read_readouts(folder.write("readouts.csv",
                                   "readout,quantity,times,spread,species,mark,source\n"
                                   "dialysis,glutamate,30 min;1 h,25 %,mouse;rat,A,assumed\n"
                                   "microscope,spine_density,1 d,6,mouse,A,assumed\n"));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].times, (std::vector<std::string>{"30 min", "1 h"}));
    EXPECT_NEAR(rows[0].sd(1.2), 0.3, 1e-12);
    EXPECT_EQ(rows[1].sd(80.0), 6.0);
    EXPECT_TRUE(rows[0].is_for("rat"));
    EXPECT_FALSE(rows[1].is_for("rat"));
}

TEST(Readouts, SayEveryProblemByLine) {
    const test::TemporaryFolder folder;
    const std::string path = folder.write("readouts.csv",
                                          "readout,quantity,times,spread,species,mark,source\n"
                                          "dialysis,glutamate,,much,mouse,A,assumed\n"
                                          "short,row\n");
    try {
        read_readouts(path);
        FAIL();
    } catch (const Error& e) {
        const std::string text = e.what();
        EXPECT_NE(text.find(":2:"), std::string::npos) << text;
        EXPECT_NE(text.find("'much'"), std::string::npos) << text;
        EXPECT_NE(text.find(":3:"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace respine
