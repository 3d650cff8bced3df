// The HDF5 library itself falls over some damaged files: old structures carry no checksum, and it trusts them. While a file is read,
// such a fall ends the program with a message and the exit code of an input that cannot be used, as any other damage does.
#pragma once

#include <string>

namespace respine {

// From now on in this process; sanitizers keep their own handlers.
void expect_damaged_files();

// Which file a fall is put down to; "" ends the reading.
void now_reading(const std::string& path);

}  // namespace respine
