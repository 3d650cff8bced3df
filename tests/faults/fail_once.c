// Preloaded into a program: one read of one file fails, or one allocation after that file was read for the
// first time.
//
// FAULT_FILE: the last part of the file's path. FAULT_KIND: "read" or "memory". FAULT_AT: which one, from 1;
// 0 none. FAULT_COUNT: a file that tells at the end how many there were.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);

static atomic_long reads, allocations;
static atomic_int begun;
static long fail_at = -1;
static int of_memory;

static void look(void) {
    if (fail_at >= 0) return;
    const char* kind = getenv("FAULT_KIND");
    const char* at = getenv("FAULT_AT");
    of_memory = kind != NULL && strcmp(kind, "memory") == 0;
    fail_at = at != NULL ? atol(at) : 0;
}

static int is_meant(int fd) {
    const char* name = getenv("FAULT_FILE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(link, path, sizeof path);
    if (name == NULL || size < (ssize_t)strlen(name)) return 0;
    return strncmp(path + size - strlen(name), name, strlen(name)) == 0;
}

static int read_fails(int fd) {
    if (!is_meant(fd)) return 0;
    look();
    atomic_store(&begun, 1);
    const long number = atomic_fetch_add(&reads, 1) + 1;
    if (of_memory || number != fail_at) return 0;
    errno = EIO;
    return 1;
}

static int memory_fails(void) {
    if (!atomic_load(&begun)) return 0;
    const long number = atomic_fetch_add(&allocations, 1) + 1;
    if (!of_memory || number != fail_at) return 0;
    errno = ENOMEM;
    return 1;
}

ssize_t read(int fd, void* to, size_t bytes) {
    static ssize_t (*real)(int, void*, size_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "read");
    return read_fails(fd) ? -1 : real(fd, to, bytes);
}

ssize_t pread64(int fd, void* to, size_t bytes, off64_t at) {
    static ssize_t (*real)(int, void*, size_t, off64_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "pread64");
    return read_fails(fd) ? -1 : real(fd, to, bytes, at);
}

ssize_t pread(int fd, void* to, size_t bytes, off_t at) { return pread64(fd, to, bytes, at); }

void* malloc(size_t bytes) { return memory_fails() ? NULL : __libc_malloc(bytes); }
void* calloc(size_t count, size_t bytes) { return memory_fails() ? NULL : __libc_calloc(count, bytes); }
void* realloc(void* old, size_t bytes) { return memory_fails() ? NULL : __libc_realloc(old, bytes); }

__attribute__((destructor)) static void tell(void) {
    const char* path = getenv("FAULT_COUNT");
    atomic_store(&begun, 0);
    FILE* out = path != NULL ? fopen(path, "w") : NULL;
    if (out == NULL) return;
    fprintf(out, "%ld\n", of_memory ? atomic_load(&allocations) : atomic_load(&reads));
    fclose(out);
}
