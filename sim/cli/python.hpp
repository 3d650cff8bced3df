// Figures and pages are drawn by Debian's python3, the only one there with h5py and matplotlib; RESPINE_PYTHON names another.
#pragma once

#include <string>
#include <vector>

namespace respine {

// Runs analysis/python/<script> with these words; what it prints goes to stderr. Throws Error(kIo) when it fails.
void run_python(const std::string& script, const std::vector<std::string>& words);

// Throws Error(kIo) when the folder neither exists nor can be made.
void make_folder(const std::string& path);

}  // namespace respine
