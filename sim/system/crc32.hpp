// CRC-32 of zlib, PNG and gzip: it tells every single flipped bit.
#pragma once

#include <cstddef>

#include "kernels/numerics/types.hpp"

namespace respine {

// Of `bytes` behind those whose checksum is `before`.
u32 crc32_of(const char* from, size_t bytes, u32 before = 0);

}  // namespace respine
