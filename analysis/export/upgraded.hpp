// A run file of an older program in the form of today: its series and fields say how they are shown, so that
// a reader needs no list of its own.
#pragma once

#include <string>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

// Whether its series do not describe themselves, as those of the first 0.1.0 do not.
bool lacks_description(const H5File& run);

// Copies the run file and describes the series and fields of the copy; no value changes. Returns the series
// that this program does not know, which stay as they are. Throws Error(kIo) where something is in the way.
std::vector<std::string> write_described(const std::string& run, const std::string& path);

}  // namespace respine
