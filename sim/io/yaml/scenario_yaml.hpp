// Scenario files: their table of keys, reading with --set, and the resolved form that every run file carries.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/io/yaml/yaml_forms.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

const Table& scenario_table();

// What a file of ours describes by the keys that it has: scenario, study, calibration, drug or model; "" when
// none of them tells.
std::string kind_of_file(const YAML::Node& root);

// Throws Error(kUsage) when the file plainly describes something else.
void need_kind(const YamlDocument& document, const std::string& wanted);

using Settings = std::vector<std::pair<std::string, std::string>>;  // --set path=value
std::string setting_text(double value, std::string_view unit);      // as --set takes it, to the last bit

// Splits "path=value"; throws Error(kUsage) when there is no '='.
std::pair<std::string, std::string> parse_setting(const std::string& text);

// Reads a scenario (a path, or a name in configs/scenarios) with settings applied. A setting whose path
// begins with a section of the model ("bdnf.clearance") becomes an override; any other must be a key of the
// scenario.
Scenario load_scenario(const std::string& name, const Settings& settings);
Scenario read_scenario(YamlDocument document, const Settings& settings);

// The scenario with every key written out; reading it gives the same scenario again.
std::string resolved_yaml(const Scenario& scenario);

}  // namespace respine
