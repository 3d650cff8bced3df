#include "sim/cli/threads.hpp"

#include <omp.h>
#include <sched.h>

#include <cstdlib>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace respine {

ThreadChoice choose_threads(int requested) {
    constexpr int kMost = 4096;
    if (requested != 0) {
        if (requested < 1 || requested > kMost) fail(Exit::kUsage, "--threads must lie in [1, {}], got {}", kMost, requested);
        return {requested, "--threads"};
    }
    for (const char* name : {"SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS"}) {
        const char* text = std::getenv(name);
        if (!text || !*text) continue;
        const std::string first = std::string(text).substr(0, std::string(text).find(','));  // OMP_NUM_THREADS may list nested levels
        const auto value = parse_number(first);
        if (!value || *value < 1 || *value > kMost || *value != static_cast<int>(*value)) fail(Exit::kUsage, "{} wants a whole number of at least 1, got '{}'", name, text);
        return {static_cast<int>(*value), name};
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    return {sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1, "affinity"};
}

ThreadChoice set_threads(int requested) {
    const ThreadChoice choice = choose_threads(requested);
    omp_set_dynamic(0);
    omp_set_num_threads(choice.threads);
    return choice;
}

}  // namespace respine
