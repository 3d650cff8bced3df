// Preloaded into a program: each sync of a checkpoint takes three seconds more, at the root of several ranks
// or where there is one process: time that a large network would take. Other syncs do nothing.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int fsync(int file) {
    char link[64], path[4096] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const char* rank = getenv("OMPI_COMM_WORLD_RANK");
    if ((rank && *rank != '0') || readlink(link, path, sizeof path - 1) < 0 || !strstr(path, ".ckpt"))
        return 0;
    struct timespec left = {3, 0};
    while (nanosleep(&left, &left)) {
    }
    return 0;
}
