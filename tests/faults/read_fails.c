// Preloaded into a program: one read of one file fails.
//
// FAULT_FILE: the last part of the path. FAULT_AT: which read of it, from 1; 0 none. FAULT_COUNT: a file that
// tells at the end how many there were.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long reads;

static int is_meant(int fd) {
    const char* name = getenv("FAULT_FILE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(link, path, sizeof path);
    if (name == NULL || size < (ssize_t)strlen(name)) return 0;
    return strncmp(path + size - strlen(name), name, strlen(name)) == 0;
}

static int fails(int fd) {
    if (!is_meant(fd)) return 0;
    const char* at = getenv("FAULT_AT");
    const long number = atomic_fetch_add(&reads, 1) + 1;
    if (at == NULL || number != atol(at)) return 0;
    errno = EIO;
    return 1;
}

ssize_t read(int fd, void* to, size_t bytes) {
    static ssize_t (*real)(int, void*, size_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "read");
    return fails(fd) ? -1 : real(fd, to, bytes);
}

ssize_t pread64(int fd, void* to, size_t bytes, off64_t at) {
    static ssize_t (*real)(int, void*, size_t, off64_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "pread64");
    return fails(fd) ? -1 : real(fd, to, bytes, at);
}

ssize_t pread(int fd, void* to, size_t bytes, off_t at) { return pread64(fd, to, bytes, at); }

__attribute__((destructor)) static void tell(void) {
    const char* path = getenv("FAULT_COUNT");
    FILE* out = path != NULL ? fopen(path, "w") : NULL;
    if (out == NULL) return;
    fprintf(out, "%ld\n", atomic_load(&reads));
    fclose(out);
}
