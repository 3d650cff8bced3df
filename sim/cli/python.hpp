// The project's Python scripts (figures, report), run by the Python that has h5py and matplotlib.
#pragma once

#include <string>
#include <vector>

namespace respine {

// Runs analysis/python/SCRIPT with these arguments by Debian's python3, or by RESPINE_PYTHON. What it prints goes to standard error,
// because standard output is for data. Throws Error(kIo) with the packages it needs when it fails; `stands` says what is good nevertheless.
void run_python(const std::string& script, const std::vector<std::string>& arguments, const std::string& stands);

// Throws Error(kIo) when the folder neither exists nor can be made.
void make_folder(const std::string& path);

// Throws Error(kIo) when the folder of this file does not exist: said before the long work, not after it.
void need_folder_of(const std::string& file);

}  // namespace respine
