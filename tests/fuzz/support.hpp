// What the fuzzers share: an input as a file in memory, and what a reader may do with a bad one: throw an
// Error, nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "sim/model/error.hpp"

namespace respine::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// A folder of this process, in memory where there is such a place; gone at the end.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name) const { return (path_ / name).string(); }
    std::string write(const std::string& name, std::string_view bytes) const;  // its path

private:
    std::filesystem::path path_;
};

std::string bytes_of(const std::string& path);

inline std::string* heard =
    nullptr;  // where the words go: the replay of the corpus holds them against what is expected

// A reader that fails in its own words is right; every other exception is a finding.
inline void hear(const Error& e) {
    if (e.code() == Exit::kInternal || std::string_view(e.what()).empty()) __builtin_trap();
    if (heard) *heard += std::string(e.what()) + "\n";
}

template <class Read>
void expect_words(const Read& read) {
    try {
        read();
    } catch (const Error& e) {
        hear(e);
    }
}

}  // namespace respine::fuzz
