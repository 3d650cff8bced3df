// Where a result came from: program, compiler and libraries.
#pragma once

#include <string>

namespace respine {

std::string version_text();       // as in CMakeLists.txt
std::string revision_text();      // of the sources, "unknown" outside a repository
std::string flags_text();         // build type and compiler flags
std::string yaml_version_text();  // of yaml-cpp, which does not say it itself
std::string build_text();         // compiler, flags, git revision, libraries; several lines

}  // namespace respine
