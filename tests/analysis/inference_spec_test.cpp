// Inference files and measurements: what is read, and the exact words when something is wrong.

#include "analysis/infer/inference_spec.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/infer/measurements.hpp"
#include "analysis/infer/wave.hpp"
#include "sim/system/files.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

InferenceSpec read_text_of(const std::string& text) {
    return read_inference(parse_yaml(text, "infer.yaml"), {});
}

std::string refusal_of(const std::string& text) {
    try {
        read_text_of(text);
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), Exit::kUsage);
        return e.what();
    }
    return "accepted";
}

const std::string kStart = "name: x\nset: {network.neurons: 100, network.synapses_per_neuron: 20}\n";

TEST(InferenceSpec, TakesBeliefAndLawOfTheMarkUnlessTold) {
    const InferenceSpec s =
        read_text_of(kStart +
                     "infer:\n  - {key: formation.gain}\n  - {key: pruning.hazard}\n  - {key: "
                     "bdnf.clearance, law: normal, "
                     "low: 30 min, high: 2 h}\ntargets: [density-d5, clin-gone]\nwaves: {points: 50}\n");
    ASSERT_EQ(s.study.factors.size(), 3U);
    EXPECT_EQ(s.study.factors[0].law, Prior::kLogUniform);  // assumed, over a factor of ten
    EXPECT_EQ(s.study.factors[0].low, 2.0);
    EXPECT_EQ(s.study.factors[1].law, Prior::kLogNormal);  // derived
    EXPECT_EQ(s.study.factors[2].law, Prior::kNormal);
    EXPECT_EQ(s.study.factors[2].low, 0.5);
    EXPECT_EQ(s.points, 50U);
    EXPECT_EQ(s.repeats, 20U);
}

TEST(InferenceSpec, LawFollowsMarkAndWidth) {
    EXPECT_EQ(law_of_mark("A", 1.0, 3.0), Prior::kUniform);
    EXPECT_EQ(law_of_mark("A", 1.0, 4.0), Prior::kLogUniform);
    EXPECT_EQ(law_of_mark("A", 0.0, 5.0), Prior::kUniform);
    EXPECT_EQ(law_of_mark("R", 1.0, 1.2), Prior::kNormal);
    EXPECT_EQ(law_of_mark("D", 1.0, 2.0), Prior::kLogNormal);
    EXPECT_EQ(law_of_mark("D", -1.0, -0.3), Prior::kNormal);
}

// (response - reference) at 12 d, as a share of that at 24 h: four numbers of two runs.
TEST(InferenceSpec, TakesApartWhatAStudyCannotReadAtOnce) {
    const InferenceSpec s = read_text_of(
        kStart + "infer: [{key: formation.gain}]\ntargets: [clin-gone, density-d5, bdnf-30min]\n");
    ASSERT_EQ(s.study.arms.size(), 4U);
    EXPECT_TRUE(s.reads[0].over_reference);
    ASSERT_TRUE(s.reads[0].share);
    EXPECT_EQ(s.study.outcomes[*s.reads[0].share].measure.time.from, 24.0);
    EXPECT_EQ(s.study.outcomes[s.reads[0].outcome].measure.time.from, 288.0);
    EXPECT_FALSE(s.reads[1].over_reference);
    EXPECT_EQ(s.study.outcomes[s.reads[1].outcome].measure.against.run, "mouse-vehicle");
    EXPECT_TRUE(s.reads[2].has_reference);
}

TEST(InferenceSpec, SaysWhatIsWrongAllAtOnce) {
    const std::string words =
        refusal_of(kStart + "infer: [{key: formation.gain}]\n" +
                   "targets: [density-d55, block-order, pk-clearance, density-d5, density-d5]\n");
    EXPECT_NE(words.find("infer.yaml:4:11: error: there is no target 'density-d55'; did you mean"),
              std::string::npos)
        << words;
    EXPECT_NE(words.find("'block-order' is of kind order"), std::string::npos) << words;
    EXPECT_NE(words.find("'pk-clearance' is of kind input"), std::string::npos) << words;
    EXPECT_NE(words.find("'density-d5' is named twice"), std::string::npos) << words;
}

TEST(InferenceSpec, RefusesCohortsAndWhatOnlyRunFilesHold) {
    const std::string words =
        refusal_of(kStart + "infer: [{key: formation.gain}]\ntargets: [clin-response-24h, excess-return]\n");
    EXPECT_NE(words.find("can be read off run files alone"), std::string::npos) << words;
    EXPECT_NE(words.find("is of a cohort"), std::string::npos) << words;
}

TEST(InferenceSpec, RefusesAParameterThatIsNone) {
    EXPECT_NE(
        refusal_of(kStart + "infer: [{key: formation.gian}]\ntargets: [density-d5]\n")
            .find("'infer[0].key': there is no parameter 'formation.gian'; did you mean 'formation.gain'?"),
        std::string::npos);
}

TEST(InferenceWave, RepeatsTheFirstPointsWithSeedsOfTheirOwn) {
    const InferenceSpec s = read_text_of(
        kStart + "infer: [{key: formation.gain}]\ntargets: [density-d5]\nwaves: {points: 20, repeats: 3}\n");
    const UnitPoints points = first_points(s);
    ASSERT_EQ(points.size(), 20U);
    const StudySpec study = study_of_wave(s, "1", 1, points);
    ASSERT_EQ(study.factors[0].values.size(), 23U);
    EXPECT_EQ(study.factors[0].values[21], study.factors[0].values[1]);
    const auto all = points_of(study, rows_of(study));
    EXPECT_EQ(all[0].seed(study), all[1].seed(study));  // two arms of one set
    EXPECT_NE(all[0].seed(study), all[2].seed(study));
    EXPECT_NE(all[0].seed(study), study_of_wave(s, "2", 2, points).first_seed);
}

TEST(InferenceWave, PointsReadBackToTheLastBit) {
    const InferenceSpec s =
        read_text_of(kStart + "infer: [{key: formation.gain}, {key: bdnf.release}]\ntargets: [density-d5]\n");
    const test::TemporaryFolder folder;
    const std::string path = folder.file("points.csv");
    write_points(path, s, first_points(s));
    EXPECT_EQ(read_points(path, s), first_points(s));
    write_text(path, "a,b\n0.5,1.5\n");
    EXPECT_THROW(read_points(path, s), Error);
}

struct Measurements : testing::Test {
    test::TemporaryFolder folder;
    std::vector<std::string> unused;
    std::vector<TargetRow> read(const std::string& text) {
        return read_measurements(folder.write("measurements.csv", text), unused);
    }
    std::string refusal(const std::string& text) {
        try {
            read(text);
        } catch (const Error& e) {
            EXPECT_EQ(e.code(), Exit::kInput);
            return e.what();
        }
        return "accepted";
    }
};

TEST_F(Measurements, AreValuesWithBandsOfTwoSd) {
    const auto rows = read(
        "scenario,reference,quantity,time,against,value,sd,room\n"
        "mouse-ketamine-10mgkg,mouse-vehicle,spine_density,5 d,reference,12,3,B12\n");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].kind, "value");
    EXPECT_EQ(rows[0].low, 6.0);
    EXPECT_EQ(rows[0].high, 18.0);
    EXPECT_EQ(rows[0].id, "data-1");
    EXPECT_EQ(unused, std::vector<std::string>{"room"});
}

TEST_F(Measurements, OfPetabHaveTimesInHours) {
    const auto rows = read(
        "observableId\tsimulationConditionId\tmeasurement\ttime\tnoiseParameters\n"
        "bdnf\tmouse-ketamine-10mgkg\t1.3\t0.5\t0.1\n");
    EXPECT_EQ(rows[0].measure.time.from, 0.5);
    EXPECT_NEAR(rows[0].low, 1.1, 1e-12);
}

TEST_F(Measurements, CountsHaveTheErrorOfABinomial) {
    const auto rows =
        read("scenario,quantity,time,count,total\nmouse-vehicle,imaging_dose_survival,5 d,39,100\n");
    EXPECT_EQ(rows[0].value, 0.39);
    const double p = 39.5 / 101.0;
    EXPECT_NEAR(rows[0].high - rows[0].value, 2.0 * std::sqrt(p * (1.0 - p) / 100.0), 1e-12);
}

TEST_F(Measurements, SayEveryMistakeByLine) {
    const std::string words = refusal(
        "scenario,quantity,time,value,sd\nmouse-vehicle,bdnf,1 h,x,0.1\n"
        "mouse-vehicle,bdnf,1 h,1.0,0\nmouse-vehicle,bdnf,1 h\n");
    EXPECT_NE(words.find(":2:1: error: value: 'x' is not a number"), std::string::npos) << words;
    EXPECT_NE(words.find(":3:1: error: sd: must lie above 0"), std::string::npos) << words;
    EXPECT_NE(words.find(":4:1: error: 5 cells are needed, got 3"), std::string::npos) << words;
    EXPECT_NE(refusal("scenario,value\na,1\n").find("a column 'quantity' is needed"), std::string::npos);
}

}  // namespace
}  // namespace respine
