// What the parts of H5File hold what they do and read against.
#pragma once

#include <hdf5.h>

#include <string>

namespace respine {

// Error(kIo) with what the system says of it.
[[noreturn]] void h5_io_error(const std::string& file, const std::string& what);
void h5_check(herr_t status, const std::string& file, const std::string& what);

// HDF5's own conversions and decoders trust odd types and rare filters; respine reads and writes whole numbers, IEEE floats and gzip only.
bool is_plain_number(hid_t type);

// A terminal that shows what a file says must not obey it.
std::string without_controls(std::string text);

}  // namespace respine
