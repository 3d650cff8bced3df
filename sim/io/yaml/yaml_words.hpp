// The words of messages about values: what stands there, what was wanted, and why it is not that.
#pragma once

#include <string>
#include <vector>

#include "sim/io/yaml/yaml_table.hpp"

namespace respine {

std::vector<std::string> split(const std::string& text, char at);
std::string join(const std::vector<std::string>& parts, const char* between);

// A user's text inside a message: short, on one line, and without the control characters that a terminal
// would obey.
std::string shown(std::string text);
std::string shown(const YAML::Node& node);

// "lie between 1 min and 1300 d".
std::string limits_text(const Key& key, const std::string& unit);

// What a missing key would say.
std::string meaning(const Key& key);

// "mg/kg or mg", and in brackets the other units of those kinds.
std::string units_text(const std::vector<std::string>& units);

// Why a text that looks like a number is none; "" when it does not look like one.
std::string number_hint(const std::string& text);

}  // namespace respine
