// What may still be said by a handler of signals, or where memory has ended: it allocates nothing.
#pragma once

#include <unistd.h>

#include <cstring>

namespace respine {

inline void last_words(const char* text) {
    [[maybe_unused]] const ssize_t said = ::write(STDERR_FILENO, text, std::strlen(text));
}

}  // namespace respine
