// A YAML file to begin with, made from a table of keys: every key with what it means and may be.
#pragma once

#include <string>

#include "sim/io/yaml/yaml_table.hpp"

namespace respine {

// The keys of `node` with their values, each under a comment; keys of the table that it lacks as comments.
// Reading it gives `node` again.
std::string commented_yaml(const YAML::Node& node, const Table& table);

}  // namespace respine
