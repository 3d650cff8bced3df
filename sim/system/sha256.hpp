// SHA-256 (FIPS 180-4) of files, as sha256sum prints it.
#pragma once

#include <string>

namespace respine {

// 64 hexadecimal digits. Throws Error(kInput) when the file cannot be read.
std::string sha256_of_file(const std::string& path);

// Of all files below a folder, by content and name: what `find * -type f | LC_ALL=C sort | xargs sha256sum |
// sha256sum` prints there. Throws Error(kInput) when one of them cannot be read, or the folder.
std::string sha256_of_folder(const std::string& path);

}  // namespace respine
