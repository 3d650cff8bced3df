// Preloaded into a program: whatever it does to files of one folder is written down, with its bytes, in the
// order in which it happens, for a test to replay as far as the disk might have got.
//
// FAULT_FOLDER: the folder. FAULT_LOG: the record, outside of it; for each act a line
// "ACT place bytes name[ other name]" and then the bytes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name)

// The name within the folder, or NULL.
static const char* within(const char* path) {
    const char* folder = getenv("FAULT_FOLDER");
    const size_t size = folder != NULL ? strlen(folder) : 0;
    if (size == 0 || strncmp(path, folder, size) != 0) return NULL;
    return path[size] == '/' ? path + size + 1 : path[size] == '\0' ? "." : NULL;
}

static const char* name_of_path(const char* path, char* full) {
    if (path[0] == '/') return within(path);
    if (getcwd(full, PATH_MAX) == NULL) return NULL;
    const size_t size = strlen(full);
    if (strcmp(path, ".") == 0) return within(full);
    snprintf(full + size, PATH_MAX - size, "/%s", path);
    return within(full);
}

static const char* name_of_fd(int fd, char* full) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(link, full, PATH_MAX - 1);
    if (size < 0) return NULL;
    full[size] = '\0';
    return within(full);
}

static void note(const char* act, long long place, const void* bytes, size_t size, const char* name,
                 const char* other) {
    static int log = -1;
    char line[2 * PATH_MAX];
    const int length = snprintf(line, sizeof line, "%s %lld %zu %s%s%s\n", act, place, size, name,
                                other != NULL ? " " : "", other != NULL ? other : "");
    pthread_mutex_lock(&one_at_a_time);
    if (log < 0)
        log = (int)syscall(SYS_openat, AT_FDCWD, getenv("FAULT_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (syscall(SYS_write, log, line, length) != length || syscall(SYS_write, log, bytes, size) != (long)size)
        abort();
    pthread_mutex_unlock(&one_at_a_time);
}

static void opened(int fd, int flags) {
    char full[PATH_MAX];
    const char* name = fd >= 0 && (flags & (O_CREAT | O_TRUNC)) ? name_of_fd(fd, full) : NULL;
    if (name == NULL) return;
    note("create", 0, "", 0, name, NULL);
    if (flags & O_TRUNC) note("size", 0, "", 0, name, NULL);
}

static int open_as(const char* path, int flags, mode_t mode) {
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    opened(fd, flags);
    return fd;
}

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_as(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_as(path, flags, mode);
}

FILE* fopen64(const char* path, const char* how) {
    REAL(fopen64);
    FILE* file = real(path, how);
    if (file != NULL) opened(fileno(file), how[0] == 'w' ? O_CREAT | O_TRUNC : how[0] == 'a' ? O_CREAT : 0);
    return file;
}
FILE* fopen(const char* path, const char* how) { return fopen64(path, how); }

static void written(int fd, long long at, const void* from, ssize_t done) {
    char full[PATH_MAX];
    const char* name = done > 0 ? name_of_fd(fd, full) : NULL;
    if (name != NULL) note("write", at, from, (size_t)done, name, NULL);
}

ssize_t pwrite64(int fd, const void* from, size_t bytes, off64_t at) {
    REAL(pwrite64);
    const ssize_t done = real(fd, from, bytes, at);
    written(fd, at, from, done);
    return done;
}
ssize_t pwrite(int fd, const void* from, size_t bytes, off_t at) { return pwrite64(fd, from, bytes, at); }

ssize_t write(int fd, const void* from, size_t bytes) {
    REAL(write);
    const ssize_t done = real(fd, from, bytes);
    if (done > 0) written(fd, lseek(fd, 0, SEEK_CUR) - done, from, done);
    return done;
}
ssize_t writev(int fd, const struct iovec* parts, int count) {
    ssize_t done = 0;
    for (int k = 0; k < count; ++k) {
        const ssize_t some = write(fd, parts[k].iov_base, parts[k].iov_len);
        if (some < 0) return done > 0 ? done : some;
        done += some;
        if ((size_t)some < parts[k].iov_len) break;
    }
    return done;
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    const int failed = real(fd, size);
    char full[PATH_MAX];
    const char* name = failed ? NULL : name_of_fd(fd, full);
    if (name != NULL) note("size", size, "", 0, name, NULL);
    return failed;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, int failed) {
    char full[PATH_MAX];
    const char* name = failed ? NULL : name_of_fd(fd, full);
    if (name != NULL) note("sync", 0, "", 0, name, NULL);
    return failed;
}
int fsync(int fd) {
    REAL(fsync);
    return synced(fd, real(fd));
}
int fdatasync(int fd) {
    REAL(fdatasync);
    return synced(fd, real(fd));
}

static int renamed(const char* from, const char* to, int failed) {
    char one[PATH_MAX], two[PATH_MAX];
    const char* old = failed ? NULL : name_of_path(from, one);
    const char* fresh = failed ? NULL : name_of_path(to, two);
    if (old != NULL && fresh != NULL) note("rename", 0, "", 0, old, fresh);
    return failed;
}
int rename(const char* from, const char* to) {
    REAL(rename);
    return renamed(from, to, real(from, to));
}
int renameat2(int where, const char* from, int there, const char* to, unsigned flags) {
    REAL(renameat2);
    return renamed(from, to, real(where, from, there, to, flags));
}

static int removed(const char* path, int failed) {
    char full[PATH_MAX];
    const char* name = failed ? NULL : name_of_path(path, full);
    if (name != NULL) note("remove", 0, "", 0, name, NULL);
    return failed;
}
int unlink(const char* path) {
    REAL(unlink);
    return removed(path, real(path));
}
int remove(const char* path) {
    REAL(remove);
    return removed(path, real(path));
}
