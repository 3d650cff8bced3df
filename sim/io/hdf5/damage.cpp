#include "sim/io/hdf5/damage.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "sim/model/error.hpp"
#include "sim/model/last_words.hpp"
#include "sim/system/sanitizers.hpp"

namespace respine {

namespace {

char file_read[4096];  // fixed, because a handler may not allocate

bool on_purpose = false;

void on_exit() {
    if (on_purpose) return;
    const bool reading = file_read[0] != '\0';
    last_words(reading ? file_read : "respine");
    last_words(
        ": error: a library ended the program, for want of memory or of threads (ulimit -v, ulimit -u)\n");
    ::_exit(static_cast<int>(reading ? Exit::kInput : Exit::kNumerical));
}

#if !RESPINE_SANITIZED
constexpr size_t kStackBytes = 1 << 16;
char stack[kStackBytes];  // its own: the fall may be that the other one is full

void on_fall(int number) {
    if (file_read[0] == '\0') {
        ::signal(number, SIG_DFL);
        ::raise(number);
        return;
    }
    last_words(file_read);
    last_words(
        ": error: the program fell over while it read this file: it is damaged, or hostile, in a way that "
        "the HDF5 library does not survive; "
        "if it is whole, please report it with the output of: respine doctor\n");
    ::_exit(static_cast<int>(Exit::kInput));
}
#endif

}  // namespace

void expect_damaged_files() {
#if !RESPINE_SANITIZED
    stack_t own{};
    own.ss_sp = stack;
    own.ss_size = kStackBytes;
    ::sigaltstack(&own, nullptr);
    struct sigaction action {};
    action.sa_handler = on_fall;
    action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
    for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL}) ::sigaction(number, &action, nullptr);
#endif
}

void expect_libraries_to_exit() { std::atexit(on_exit); }

void leaving() { on_purpose = true; }

void now_reading(const std::string& path) {
    const size_t size = std::min(path.size(), sizeof file_read - 1);
    std::memcpy(file_read, path.data(), size);
    file_read[size] = '\0';
}

}  // namespace respine
