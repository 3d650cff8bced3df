// Edits of a good HDF5 file: valid for HDF5, hostile to its readers. A fuzzer that only flips bytes rarely gets past HDF5's own decoder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace respine::fuzz {

// All groups and datasets of the file, in the order of their names.
std::vector<std::string> objects_of(const std::string& path);

// Each 12 bytes are an edit: which object (2), what (1), an attribute or power of two (1), position or extent or value (8).
void edit(const std::string& path, const std::vector<std::string>& objects, std::string_view bytes);

}  // namespace respine::fuzz
