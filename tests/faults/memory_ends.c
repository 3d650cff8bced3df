// Preloaded into a program: memory ends at one allocation, or at each of them in turn.
//
// FAULT_PROGRAM: the name of the program that is meant; others, which it starts, have all they want.
// FAULT_AT: the allocation that fails, from 1; with FAULT_ON all behind it fail too.
// FAULT_EACH: a step. At every such allocation the process forks, and in the child it fails; the child must
// end by itself with FAULT_CODE. The parent goes on as if nothing had been.
// FAULT_COUNT: a file to which each process adds a line: allocations, children, children that ended in
// another way, of the first of those the allocation and what wait() said.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

static atomic_long allocations, children, wrong;
static long fail_at, each, first_wrong, first_status;
static int on, code, meant, in_child, turn = 1;

static long number(const char* name) {
    const char* text = getenv(name);
    return text != NULL ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char* program = getenv("FAULT_PROGRAM");
    fail_at = number("FAULT_AT"), each = number("FAULT_EACH");
    on = (int)number("FAULT_ON"), code = (int)number("FAULT_CODE");
    meant = program != NULL && strcmp(program, program_invocation_short_name) == 0;
}

// Whether it fails, in the child; one thread at a time forks.
static int fails_in_child(long at) {
    static atomic_flag busy = ATOMIC_FLAG_INIT;
    while (atomic_flag_test_and_set(&busy)) usleep(10);
    const pid_t child = _Fork();
    if (child == 0) {
        in_child = 1;
        alarm(20);
        return 1;
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    atomic_fetch_add(&children, 1);
    if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != code)
        if (atomic_fetch_add(&wrong, 1) == 0) first_wrong = at, first_status = child < 0 ? -errno : status;
    atomic_flag_clear(&busy);
    return 0;
}

static int fails(void) {
    if (!meant) return 0;
    if (in_child) return on;
    const int before = errno;
    const long at = atomic_fetch_add(&allocations, 1) + 1;
    const int failing = at == fail_at || (on && fail_at > 0 && at > fail_at) ||
                        (each > 0 && at % each == turn % each && fails_in_child(at));
    errno = failing ? ENOMEM : before;
    return failing;
}

void* malloc(size_t bytes) { return fails() ? NULL : __libc_malloc(bytes); }
void* calloc(size_t count, size_t bytes) { return fails() ? NULL : __libc_calloc(count, bytes); }
void* realloc(void* old, size_t bytes) { return fails() ? NULL : __libc_realloc(old, bytes); }
void* aligned_alloc(size_t to, size_t bytes) { return fails() ? NULL : __libc_memalign(to, bytes); }
int posix_memalign(void** memory, size_t to, size_t bytes) {
    if (fails()) return ENOMEM;
    *memory = __libc_memalign(to, bytes);
    return *memory != NULL ? 0 : ENOMEM;
}

// At the end of the process, however it leaves.
static void tell(void) {
    const char* path = getenv("FAULT_COUNT");
    if (!meant || in_child || path == NULL) return;
    meant = 0;
    char line[128];
    const int size = snprintf(line, sizeof line, "%ld %ld %ld %ld %ld\n", atomic_load(&allocations),
                              atomic_load(&children), atomic_load(&wrong), first_wrong, first_status);
    const int out = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (out < 0 || write(out, line, (size_t)size) != size) abort();
    close(out);
}

__attribute__((destructor)) static void at_end(void) { tell(); }

void _exit(int status) {
    tell();
    static void (*real)(int);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "_exit");
    real(status);
    __builtin_unreachable();
}
