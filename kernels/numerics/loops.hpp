// Loops over neurons, rows and blocks, shared by the threads where that is worth it. Iterations do not know
// of each other, so the results do not depend on who does them. Where it is not worth it, no OpenMP region is
// entered: one costs a system call and a team even when a thread goes through it alone, and a small network
// has two hundred thousand of them in a simulated month.
#pragma once

#include <omp.h>

#include "kernels/numerics/types.hpp"

namespace respine {

// Whether there are threads to share work with: a subject of a cohort has one of its own.
inline bool have_threads() { return omp_get_max_threads() > 1 && omp_in_parallel() == 0; }

// Whether a loop over this many neurons takes longer than waking the threads for it.
inline bool worth_threads(size_t neurons) { return neurons >= 16 * kBlock && have_threads(); }

// The same of work that takes about so many nanoseconds.
inline bool worth_threads_for(size_t nanoseconds) { return nanoseconds >= 1'000'000 && have_threads(); }

// body(i) for [first, last): short, and the same operations for each, so that vectors may do several.
template <class Body>
inline void for_neurons(size_t first, size_t last, const Body& body) {
    if (worth_threads(last - first)) {
#pragma omp parallel for simd schedule(static)
        for (size_t i = first; i < last; ++i) body(i);
    } else {
#pragma omp simd
        for (size_t i = first; i < last; ++i) body(i);
    }
}

// task(t) for [first, last), longer ones: each thread has the same part every time, and so its data in its
// own caches.
template <class Task>
inline void for_tasks(size_t first, size_t last, bool shared, const Task& task) {
    if (shared) {
#pragma omp parallel for schedule(static)
        for (size_t t = first; t < last; ++t) task(t);
    } else {
        for (size_t t = first; t < last; ++t) task(t);
    }
}

}  // namespace respine
