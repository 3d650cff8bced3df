#include "sim/system/crc32.hpp"

#include <zlib.h>

namespace respine {

u32 crc32_of(const char* from, size_t bytes, u32 before) {
    return static_cast<u32>(crc32_z(before, reinterpret_cast<const Bytef*>(from), bytes));
}

}  // namespace respine
