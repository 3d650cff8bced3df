// SHA-256 (FIPS 180-4) of files, as sha256sum prints it.
#pragma once

#include <string>

namespace respine {

// 64 hexadecimal digits. Throws Error(kInput) when the file cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace respine
