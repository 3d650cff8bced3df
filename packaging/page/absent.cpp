// What the engine of the page leaves to the program: files of a user's network.

#include <sched.h>

#include "sim/io/import/import_graph.hpp"
#include "sim/model/error.hpp"
#include "sim/system/sha256.hpp"

namespace respine {

GraphFile import_graph(const NetworkChoice& network) {
    fail(Exit::kInput,
         "{}: error: the page reads no network files; simulate it with the program: respine run",
         network.file.empty() ? network.nodes : network.file);
}

std::string sha256_of_file(const std::string& path) {
    fail(Exit::kInternal, "{}: error: the page has no digest of files", path);
}

}  // namespace respine

// One processor, to which nobody binds anything.
extern "C" {
int sched_getaffinity(pid_t, size_t, cpu_set_t*) { return -1; }
int sched_setaffinity(pid_t, size_t, const cpu_set_t*) { return -1; }
int __sched_cpucount(size_t, const cpu_set_t*) { return 0; }
}
