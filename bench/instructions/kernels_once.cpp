// Runs every kernel once, on one thread and at one size, and tells callgrind where each begins and ends.
// Prints one line a kernel: its name and the items it worked on.

#include <fmt/format.h>
#include <omp.h>
#include <valgrind/callgrind.h>

#include "analysis/bench/workload.hpp"

int main() {
    using namespace respine;
    omp_set_num_threads(1);
    Workload w("sheet", 5000, 100);  // enough that entering a parallel region does not count
    for (const Kernel& kernel : kernels()) {
        w.restart();
        if (kernel.prepare) kernel.prepare(w);
        CALLGRIND_START_INSTRUMENTATION;
        CALLGRIND_ZERO_STATS;
        const Work work = kernel.run(w);
        CALLGRIND_DUMP_STATS_AT(kernel.name);
        CALLGRIND_STOP_INSTRUMENTATION;
        fmt::print("{},{}\n", kernel.name, work.items);
    }
}
