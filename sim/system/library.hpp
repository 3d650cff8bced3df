// Where the data files are: scenarios, models, drugs and networks of the installation.
#pragma once

#include <string>
#include <vector>

namespace respine {

// The program, or the module, that this code was linked into; empty where the system does not say.
std::string own_file();

// What comes with the program, such as "configs", "python" and "viewer.html": in share/respine of a folder
// above the program or the Python module, be they installed or built (a build links its sources there), else
// where the library was configured to be installed.
std::string shipped(const std::string& name);

// Folder of configs/: $RESPINE_CONFIGS, else the shipped one.
std::string config_folder();

// Names of the YAML files in configs/<kind>, sorted, without ending.
std::vector<std::string> names_of(const std::string& kind);

// Path of `name`: a path ending in .yaml is taken relative to `beside` (a file); anything else is a name in
// configs/<kind>. Throws Error(kUsage) with the nearest name when it does not exist.
std::string find_config(const std::string& kind, const std::string& name, const std::string& beside);

}  // namespace respine
