// Edits of a good HDF5 file: valid for HDF5, hostile to its readers. A fuzzer that only flips bytes rarely
// gets past HDF5's own decoder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine::fuzz {

// All groups and datasets of the file, in the order of their names.
std::vector<std::string> objects_of(const std::string& path);

// Writes the run file anew, with the datasets that are `wanted` only: what readers do not distinguish costs
// time in each execution.
void keep_only(const std::string& path, bool (*wanted)(std::string_view dataset));

// Each 12 bytes are an edit: which object (2), what (1), an attribute or power of two (1), position or extent
// or value (8). The file that comes back is open still, so that whoever reads it in this process need not
// open it again, which takes longer than the reading.
inline constexpr size_t kEditBytes = 12;
H5File edit(const std::string& path, const std::vector<std::string>& objects, std::string_view bytes);

}  // namespace respine::fuzz
