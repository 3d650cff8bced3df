#include "sim/program/memory.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <new>

#include "sim/model/error.hpp"
#include "sim/model/last_words.hpp"
#include "sim/system/sanitizers.hpp"

namespace respine {

namespace {

// Nothing here may allocate.
[[noreturn]] void end_for_want_of_memory() {
    last_words(
        "respine: error: not enough memory (ulimit -v, a limit of the job, or of the machine); what was "
        "finished stays, and respine run --resume goes on from the last checkpoint of a run\n");
    ::_exit(static_cast<int>(Exit::kNumerical));
}

std::terminate_handler otherwise;

[[noreturn]] void on_terminate() {
    if (const std::exception_ptr thrown = std::current_exception()) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::bad_alloc&) {
            end_for_want_of_memory();
        } catch (...) {  // the message of the other handler is about the exception itself
        }
    }
    otherwise();
    ::_exit(static_cast<int>(Exit::kInternal));
}

}  // namespace

void expect_memory_to_end() { otherwise = std::set_terminate(on_terminate); }

}  // namespace respine

// Sanitizers have an allocator of their own, which ends the program as it sees fit.
#if defined(__GLIBC__) && !RESPINE_SANITIZED

namespace {

// Who asks for so much at once is ready to be refused: arrays of a network throw, and a damaged file may ask
// for anything. Below it, nobody is.
constexpr size_t kLarge = size_t{64} << 20;

void* given(void* memory, size_t bytes) {
    if (memory == nullptr && bytes > 0 && bytes < kLarge) respine::end_for_want_of_memory();
    return memory;
}

// The allocator below this one: that of the C library, or one that the user has preloaded.
template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void* __libc_calloc(size_t, size_t);

void* malloc(size_t bytes) {
    static void* (*below)(size_t);
    if (!below) below = next<decltype(below)>("malloc");
    return given(below(bytes), bytes);
}

void* calloc(size_t count, size_t bytes) {
    static void* (*below)(size_t, size_t);
    static bool looking;  // for `below`, which may itself want memory
    if (!below) {
        if (looking) return __libc_calloc(count, bytes);
        looking = true;
        below = next<decltype(below)>("calloc");
    }
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all)) all = kLarge;
    return given(below(count, bytes), all);
}

void* realloc(void* old, size_t bytes) {
    static void* (*below)(void*, size_t);
    if (!below) below = next<decltype(below)>("realloc");
    return given(below(old, bytes), bytes);
}

void* aligned_alloc(size_t alignment, size_t bytes) {
    static void* (*below)(size_t, size_t);
    if (!below) below = next<decltype(below)>("aligned_alloc");
    return given(below(alignment, bytes), bytes);
}

int posix_memalign(void** memory, size_t alignment, size_t bytes) {
    static int (*below)(void**, size_t, size_t);
    if (!below) below = next<decltype(below)>("posix_memalign");
    const int failed = below(memory, alignment, bytes);
    if (failed == ENOMEM) given(nullptr, bytes);
    return failed;
}
}

#endif
