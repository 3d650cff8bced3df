// The first bytes of a checkpoint, before its HDF5 part: format, length and CRC-32 of all that follows, as
// three lines of text. They are checked before HDF5 sees the file, whose older structures carry no checksum
// of their own.
#pragma once

#include <string>

#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr int kCheckpointVersion = 7;
inline constexpr u64 kSealBytes = 512;  // an HDF5 user block

// Writes the seal and syncs the file. Throws Error(kIo).
void seal(const std::string& path);

// Throws Error(kInput) unless the file is a checkpoint of this version and no bit of it has changed. Returns
// its seal.
std::string check_seal(const std::string& path);

}  // namespace respine
