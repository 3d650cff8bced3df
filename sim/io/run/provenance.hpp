// Where a result came from: program, compiler, libraries, machine, and the fully resolved inputs.
#pragma once

#include <string>

#include "sim/simulation.hpp"

namespace respine {

std::string version_text();       // "0.1.0"
std::string revision_text();      // of the sources, "unknown" outside a repository
std::string flags_text();         // build type and compiler flags
std::string yaml_version_text();  // of yaml-cpp, which does not say it itself
std::string build_text();         // compiler, flags, git revision, libraries; several lines

// The resolved inputs as YAML that `respine run` reads again: scenario plus every parameter as an override.
std::string resolved_inputs(const Inputs& inputs);

}  // namespace respine
