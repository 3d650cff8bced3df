// How many threads a run takes, and who said so.
#pragma once

#include <string>

namespace respine {

struct ThreadChoice {
    int threads;
    std::string source;  // "--threads", "SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS" or "affinity"
};

// --threads (0: not given) > SLURM_CPUS_PER_TASK > OMP_NUM_THREADS > affinity. Throws Error(kUsage) for
// nonsense.
ThreadChoice choose_threads(int requested);

// Chooses and applies. Throws Error(kUsage) when so many threads cannot be started, which OpenMP would end
// the program for.
ThreadChoice set_threads(int requested);

}  // namespace respine
