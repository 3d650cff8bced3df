// The project's Python scripts (figures, report), run by the Python that has h5py and matplotlib.
#pragma once

#include <string>
#include <vector>

namespace respine {

// The Python that makes figures and reports: RESPINE_PYTHON, or Debian's own, which the packages belong to.
std::string python_program();

// Runs analysis/python/SCRIPT with these arguments by Debian's python3, or by RESPINE_PYTHON. What it prints
// goes to standard error, because standard output is for data, unless data is what it prints. Throws
// Error(kIo) with the packages it needs when it fails; `stands` says what is good nevertheless.
enum class Printed { kNews, kData };
void run_python(const std::string& script, const std::vector<std::string>& arguments,
                const std::string& stands, Printed printed = Printed::kNews);

}  // namespace respine
