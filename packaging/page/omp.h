// A page has one thread and nowhere to bind it to.
#pragma once
inline int omp_get_max_threads() { return 1; }
inline int omp_in_parallel() { return 0; }
inline int omp_get_num_places() { return 0; }
inline int omp_get_place_num_procs(int) { return 0; }
inline void omp_get_place_proc_ids(int, int*) {}
