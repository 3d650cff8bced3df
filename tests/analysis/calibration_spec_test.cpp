// Calibration files: what is read, and the exact words when something is wrong.

#include "analysis/calibrate/calibration_spec.hpp"

#include <gtest/gtest.h>

#include "sim/system/library.hpp"

namespace respine {
namespace {

CalibrationSpec read(const std::string& text) { return read_calibration(parse_yaml(text, "fit.yaml")); }

std::string refusal(const std::string& text) {
    try {
        read(text);
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), Exit::kUsage);
        return e.what();
    }
    return "accepted";
}

const std::string kHead = "name: x\nglobal: 0\nlocal: 5\n";

TEST(CalibrationSpec, TakesTheBeliefRangeAndTheModelsValueUnlessGiven) {
    const CalibrationSpec s =
        read(kHead +
             "parameters:\n  - {path: bdnf.release}\n  - {path: bdnf.clearance, low: 30 min, high: 2 h, "
             "start: 1 h}\n" +
             "targets: [density-d5]\nheld_back: [block-order]\nseeds: 3\nfirst_seed: 7\n");
    ASSERT_EQ(s.parameters.size(), 2U);
    EXPECT_EQ(s.parameters[0].low, 1.0);
    EXPECT_EQ(s.parameters[0].high, 10.0);
    EXPECT_EQ(s.parameters[0].start, 7.5);
    EXPECT_EQ(s.parameters[1].low, 0.5);
    EXPECT_EQ(s.parameters[1].high, 2.0);
    EXPECT_EQ(s.parameters[1].start, 1.0);
    EXPECT_EQ(s.targets[0].value, 19.0);
    EXPECT_EQ(s.held_back[0].kind, "order");
    EXPECT_EQ(s.seeds, 3);
    EXPECT_EQ(s.first_seed, 7U);
}

TEST(CalibrationSpec, NumbersReplaceThePublishedOnes) {
    const CalibrationSpec s = read(kHead +
                                   "parameters: [{path: bdnf.release}]\ntargets:\n  - {id: bdnf-30min, "
                                   "value: 1.2, low: 1.1, high: 1.4}\n" +
                                   "  - {id: density-d5, value: 8, low: 6, high: 9}\n");
    EXPECT_EQ(s.targets[0].kind, "value");
    EXPECT_EQ(s.targets[0].reference, "");  // an up row measures the run alone, so the reference need not run
    EXPECT_EQ(s.targets[0].value, 1.2);
    EXPECT_EQ(s.targets[1].reference, "mouse-vehicle");
    EXPECT_EQ(s.targets[1].high, 9.0);
}

TEST(CalibrationSpec, RunsGetSeedSizesAndParametersThatReadBackExactly) {
    const CalibrationSpec s =
        read(kHead + "parameters: [{path: bdnf.release}, {path: formation.gain}]\ntargets: [density-d5]\n" +
             "network: {neurons: 300, synapses_per_neuron: 50}\ncohort: {subjects: 9}\n");
    const Settings settings = settings_of(s, "mouse-vehicle", 4, {0.1 + 0.2, 12.0});
    EXPECT_EQ(settings, (Settings{{"seed", "4"},
                                  {"network.neurons", "300"},
                                  {"network.synapses_per_neuron", "50"},
                                  {"bdnf.release", "0.30000000000000004 1/h"},
                                  {"formation.gain", "12"}}));
    const Settings cohort = settings_of(s, "human-iv-cohort", 4, {1.0, 12.0});
    EXPECT_EQ(cohort[3], (std::pair<std::string, std::string>{"cohort.subjects", "9"}));
    EXPECT_EQ(load_scenario("human-iv-cohort", cohort).cohort, 9U);
}

TEST(CalibrationSpec, EveryProblemIsNamedWithItsPlace) {
    EXPECT_EQ(
        refusal("name: a/b\ntitel: typo\nparameters:\n  - {path: formation.gian}\n  - {path: bdnf.release, "
                "low: 2 mg}\n"
                "  - {path: bdnf.clearance, low: 2 h, high: 1 h}\n  - {path: bdnf.clearance, start: 20 h}\n  "
                "- {path: receptors.E.GluN2A}\n  - {low: 1}\n"
                "targets:\n  - density-d6\n  - density-d5\n  - {id: density-d5, value: 3, low: 1, high: 5}\n "
                " - {id: density-d3, value: 3, low: 5}\n"
                "  - {id: density-d10, value: 3, low: 5, high: 1}\n  - block-order\n  - "
                "pk-clearance\nheld_back: [density-d5]\nseeds: 0\nglobal: many\n"),
        "fit.yaml:2:1: error: unknown key 'titel'; did you mean 'title'?\n"
        "fit.yaml:19:8: error: 'seeds' must lie between 1 and 1000, got '0'\n"
        "fit.yaml:20:9: error: 'global' wants a whole number, got 'many'\n"
        "fit.yaml:1:1: error: missing key 'local' (evaluations of the search around the best point, at most; "
        "0 leaves it out)\n"
        "fit.yaml:11:5: error: 'targets[0]': there is no target 'density-d6'; did you mean 'density-d1'? "
        "(see: configs/reference/targets.csv)\n"
        "fit.yaml:13:10: error: 'targets[2]': target 'density-d5' is already 'targets[1]'; name it once\n"
        "fit.yaml:14:5: error: missing key 'targets[3].high' (accepted band)\n"
        "fit.yaml:15:38: error: 'targets[4].low' must lie below 'targets[4].high', got 5 and 1\n"
        "fit.yaml:16:5: error: 'targets[5]': target 'block-order' is true or false and cannot be fitted; it "
        "may stand under held_back\n"
        "fit.yaml:17:5: error: 'targets[6]': target 'pk-clearance' is an input that the model reads back; "
        "fit to it with numbers, as {id, value, low, high}\n"
        "fit.yaml:18:13: error: 'held_back[0]': target 'density-d5' is already 'targets[1]'; name it once\n"
        "fit.yaml:4:12: error: 'parameters[0].path': there is no parameter 'formation.gian'; did you mean "
        "'formation.gain'? (see: respine list parameters)\n"
        "fit.yaml:5:31: error: 'parameters[1].low' wants a quantity in 1/h (or 1/s, Hz, 1/min, 1/d), got '2 "
        "mg'\n"
        "fit.yaml:6:5: error: 'parameters[2]': low must lie below high, got 2 h and 1 h\n"
        "fit.yaml:7:12: error: 'parameters[3].path': 'bdnf.clearance' is named twice\n"
        "fit.yaml:7:5: error: 'parameters[3]': start must lie between low and high, got 20 h outside 0.8 to "
        "1.5 h\n"
        "fit.yaml:8:5: error: 'parameters[4]': the model file gives 'receptors.E.GluN2A' no range of belief; "
        "write low and high\n"
        "fit.yaml:9:5: error: missing key 'parameters[5].path' (parameter of the model; see: respine list "
        "parameters)\n"
        "fit.yaml:1:7: error: 'name' becomes the name of a folder: it must hold no '/' and stand on one "
        "line");
}

TEST(CalibrationSpec, ModelsThatDifferMustBeSettled) {
    const std::string both = kHead + "targets: [density-d5, clin-onset]\nparameters:\n  - ";
    EXPECT_EQ(refusal(both + "{path: pruning.homeostasis}\n"),
              "fit.yaml:6:5: error: 'parameters[0].low' is needed: the models differ, human says 2 and mouse "
              "0 [1]\n"
              "fit.yaml:6:5: error: 'parameters[0].start' is needed: the models differ, human says 16 and "
              "mouse 1 [1]");
    EXPECT_EQ(refusal(both + "{path: pruning.homeostasis, low: 0, start: 8}\n"), "accepted");
}

TEST(CalibrationSpec, ShapesThatAreNoList) {
    EXPECT_EQ(refusal(kHead + "parameters: formation.gain\ntargets: []\n"),
              "fit.yaml:5:10: error: 'targets' wants a list such as [density-d5, density-d10]\n"
              "fit.yaml:4:13: error: 'parameters' wants a list such as [{path: formation.gain}]");
    EXPECT_EQ(refusal("[x]\n"), "fit.yaml:1:1: error: the document wants a map, got a list");
    EXPECT_EQ(refusal(kHead + "parameters: [{path: formation.gain}]\ntargets:\nnetwork: {neurons: 100, "
                              "synapses_per_neuron: 200}\n"),
              "fit.yaml:5:1: error: 'targets' has no value");
    EXPECT_EQ(refusal(kHead + "parameters: [{path: formation.gain}]\ntargets: [density-d5]\nnetwork: "
                              "{neurons: 100, synapses_per_neuron: 200}\n"),
              "fit.yaml:6:10: error: 200 synapses per neuron do not fit 100 neurons");
}

TEST(CalibrationSpec, ShippedOnesAreWhole) {
    const std::vector<std::string> names = names_of("calibrations");
    ASSERT_FALSE(names.empty());
    for (const std::string& name : names) {
        const CalibrationSpec s = load_calibration(name);
        EXPECT_EQ(s.name, name);
        EXPECT_FALSE(s.held_back.empty()) << name << ": agreement with what was fitted says nothing";
    }
}

}  // namespace
}  // namespace respine
