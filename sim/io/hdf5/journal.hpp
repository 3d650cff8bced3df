// The journal of a file: what is to be written over bytes that must stay until all of it is known, and the
// checksum of every block that the file has once it is written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

using Bytes = std::vector<char>;
using Pieces = std::map<u64, Bytes>;  // by place; they neither touch nor overlap

// Whole or not at all, with errno of what failed; bytes behind the end of a file are zero.
bool write_fully(int fd, const char* from, size_t bytes, u64 at);
bool read_fully(int fd, char* to, size_t bytes, u64 at);

inline constexpr u64 kBlockBytes = 1 << 16;  // that share a checksum; the last block of a file may be shorter
inline u64 blocks_of(u64 file_size) { return (file_size + kBlockBytes - 1) / kBlockBytes; }

struct FlushJournal {
    Pieces pieces;
    u64 file_size = 0;             // once they are written
    std::vector<u32> checksums{};  // CRC-32 of each block then
    bool applied = false;          // they are written
};

Bytes journal_text(const FlushJournal& journal);
// What a journal says; nothing when a bit of it is not what was written.
std::optional<FlushJournal> read_journal(const Bytes& text);

std::string journal_of(const std::string& path);

// Puts the journal in the place of the one before it, whole or not at all, and onto the disk. False with
// errno.
bool keep_journal(const std::string& path, const FlushJournal& journal);

// Writes the pieces into the file and onto the disk, then says so in the journal. False with errno.
bool apply(int fd, const std::string& path, const FlushJournal& journal);

// Finishes what the journal of a file says, and holds every block to its checksum. Throws Error(kInput) for a
// file that is not what was written, or has no journal; Error(kIo).
void finish_journal(const std::string& path);

// The checksums that the journal has, where it has them for a file of this size; else nothing.
std::vector<u32> kept_checksums(const std::string& path, u64 file_size);

void remove_journal(const std::string& path);

}  // namespace respine
