// The linear systems that a session of coordination solves: sums over groups, random probes, and ensembles.
#pragma once

#include <vector>

#include "sim/coordination/response_matrix.hpp"

namespace respine {

// Excitatory groups by region: what pairs, dimensionality and ensembles are about.
std::vector<std::vector<size_t>> excitatory_groups_of(const Network& network);

struct ProbeSums {
    std::vector<double> trace;   // sum of C_ii of each group [Hz^2 s]
    std::vector<double> square;  // regions x regions: sum of C_ij^2 over their pyramidal cells [Hz^4 s^2]
};

struct EnsembleResponse {
    double driven = 0.0, other = 0.0, rest = 0.0;  // means, per unit of input [Hz]
};

struct Solved {
    std::vector<double> group_sums;                        // groups x groups: 1_a^T C 1_b
    std::vector<ProbeSums> probes;                         // of each
    std::vector<std::vector<EnsembleResponse>> ensembles;  // by region; none where it has too few cells
    double residual = 0.0;                                 // the largest
};

// Pyramidal cells of a region from a drawn one on, the nearest first; the first of them are the ensemble, of
// which every second one is driven. Without cells where the region has too few.
struct ProbeEnsemble {
    std::vector<u32> cells;
    size_t members = 0;
};
ProbeEnsemble ensemble_of(const Simulation& simulation, size_t region, u32 number);

// All of it in parallel, with the same bits for any number of threads.
Solved solve_coordination(const Simulation& simulation);

}  // namespace respine
