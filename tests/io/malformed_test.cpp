// Malformed scenarios: each file of tests/data/malformed is refused with exactly the message that is
// beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/system/library.hpp"

namespace respine {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = RESPINE_TEST_DATA "/malformed/";

std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(kFolder))
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string without(std::string text, const std::string& prefix, const std::string& instead) {
    for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
        text.replace(at, prefix.size(), instead);
    return text;
}

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    EXPECT_TRUE(in) << path;
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

class Malformed : public testing::TestWithParam<std::string> {};

TEST_P(Malformed, IsRefusedWithItsMessage) {
    try {
        load_inputs(load_scenario(kFolder + GetParam() + ".yaml", {}));
        FAIL() << GetParam() << " was accepted";
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), Exit::kUsage);
        const std::string message =
            without(without(e.what(), kFolder, ""), config_folder() + "/", "configs/");
        EXPECT_EQ(message + "\n", content_of(kFolder + GetParam() + ".txt"));
    }
}

TEST(MalformedFiles, AreMany) { EXPECT_GE(cases().size(), 40U); }

YamlDocument example(const std::string& name, const std::string& more = "") {
    return parse_yaml("name: " + name +
                          "\nmodel: human\nstart: -1 d\nduration: 3 d\nnetwork: {kind: sheet, neurons: 300, "
                          "synapses_per_neuron: 50}\n" +
                          "stress: {severity: 1}\n" + more,
                      "example.yaml");
}

TEST(MalformedFiles, MarkupInANameIsOnlyText) {
    const std::string name = "<img src=x onerror=alert(1)>";
    const Scenario s = read_scenario(example(name), {});
    EXPECT_EQ(s.name, name);
    EXPECT_NO_THROW(load_inputs(s));
    EXPECT_EQ(read_scenario(parse_yaml(resolved_yaml(s), "again.yaml"), {}).name, name);
}

TEST(MalformedFiles, AmpersandsAndStarsInTextAreNoAnchors) {
    EXPECT_EQ(read_scenario(example("x", "title: Q &A and 3 *x\n"), {}).title, "Q &A and 3 *x");
}

TEST(MalformedFiles, InfusionsMayFollowWithoutAGap) {
    const Scenario s = read_scenario(example("x",
                                             "treatments: [{drug: ketamine, route: iv, dose: 0.5 mg/kg, "
                                             "over: 40 min, at: 0 h, repeat: {every: 40 min, times: 3}}]\n"),
                                     {});
    EXPECT_EQ(s.treatments.front().at, (std::vector<Tick>{0, 40 * kMinute, 80 * kMinute}));
}

std::string refusal(const Settings& settings) {
    try {
        read_scenario(example("x", "treatments: [{drug: nbqx, route: window, for: 1 h, at: 0 h}]\n"),
                      settings);
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), Exit::kUsage);
        return e.what();
    }
    return "accepted";
}

TEST(MalformedSettings, NameTheirOption) {
    EXPECT_EQ(refusal({{"treatments.1.for", "2 h"}}),
              "--set treatments.1.for: error: there is no entry '1': the list has 1, the first is 0");
    EXPECT_EQ(refusal({{"treatments.for", "2 h"}}),
              "--set treatments.for: error: there is no entry 'for': the list has 1, the first is 0");
    EXPECT_EQ(refusal({{"name.first", "x"}}), "--set name.first: error: 'name.first' leads to no key");
    EXPECT_EQ(refusal({{"network..neurons", "300"}}),
              "--set network..neurons: error: 'network..neurons' leads to no key");
    EXPECT_EQ(refusal({{"duration", "[3 d"}}),
              "--set duration:1:1: error: not valid YAML: a bracket is not closed, or does not match: end of "
              "sequence flow not found");
    EXPECT_EQ(refusal({{"stress.severity", "9"}}),
              "--set stress.severity: error: 'stress.severity' must lie between 0 and 3, got '9'");
    EXPECT_EQ(refusal({{"durration", "1 d"}}),
              "--set durration: error: unknown key 'durration'; did you mean 'duration'?");
    EXPECT_EQ(refusal({{"bdnf.clearance", "1 mg"}}),
              "--set overrides.bdnf.clearance: error: 'overrides.bdnf.clearance' wants a quantity in h (or "
              "s, ms, min, d), got '1 mg'");
    EXPECT_EQ(refusal({{"overrides.bdnf.clearance", "1 h"},
                       {"treatments.0.for", "2 h"},
                       {"treatments.0", "{drug: nbqx, route: window, for: 1 h, at: 1 h}"}}),
              "accepted");
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, Malformed, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace respine
