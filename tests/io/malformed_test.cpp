// Malformed scenarios: each file of tests/data/malformed is refused with exactly the message that stands beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "sim/io/inputs.hpp"
#include "sim/io/library.hpp"
#include "sim/io/scenario_yaml.hpp"

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
    for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) text.replace(at, prefix.size(), instead);
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
        const std::string message = without(without(e.what(), kFolder, ""), config_folder() + "/", "configs/");
        EXPECT_EQ(message + "\n", content_of(kFolder + GetParam() + ".txt"));
    }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, Malformed, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace respine
