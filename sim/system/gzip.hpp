// Compression in the form that browsers unpack by themselves (DecompressionStream).
#pragma once

#include <string>

namespace respine {

// The bytes as one gzip member without a time, so that the same bytes give the same text. Throws
// Error(kInternal) when zlib fails.
std::string gzipped(const std::string& bytes);

}  // namespace respine
