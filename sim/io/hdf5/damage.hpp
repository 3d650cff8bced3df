// The HDF5 library itself falls over some damaged files: old structures carry no checksum, and it trusts
// them. While a file is read, such a fall ends the program with a message and the exit code of an input that
// cannot be used, as any other damage does.
#pragma once

#include <string>

namespace respine {

// From now on in this process; sanitizers keep their own handlers.
void expect_damaged_files();

// Libraries that get no memory or no thread end the program themselves, with a code that means something else
// here; then this says so and gives the right one. Whoever ends the program on purpose says leaving() before.
void expect_libraries_to_exit();
void leaving();

// Which file a fall is put down to; "" ends the reading.
void now_reading(const std::string& path);

}  // namespace respine
