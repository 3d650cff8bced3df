// The journal of a file: what is to be written over bytes that must stay until all of it is known.
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

// `file_size`: that of the file once all is written.
Bytes journal_text(const Pieces& pieces, u64 file_size);
// What a journal says; nothing when it is not whole.
std::optional<std::pair<Pieces, u64>> read_journal(const Bytes& text);

// Into the file, and onto the disk.
bool apply(int fd, const Pieces& pieces, u64 file_size);

std::string journal_of(const std::string& path);

// Writes what a whole journal holds into the file, and removes the journal; one that is not whole is removed.
// Does nothing without one. Throws Error(kIo).
void finish_journal(const std::string& path);

}  // namespace respine
