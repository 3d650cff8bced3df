// The linear response of a simulation's fast network as a sparse matrix: what each synapse passes on, at the
// present sizes, rates, potentiation and drugs. It takes 16 bytes a synapse while it is there.
#pragma once

#include <vector>

#include "kernels/activity/linear_response.hpp"
#include "sim/simulation.hpp"

namespace respine {

struct SparseMatrix {
    std::vector<u64> begin;
    std::vector<u32> source;
    std::vector<float> weight;
    LinearRows rows() const { return {begin, source, weight}; }
};

struct ResponseMatrix {
    SparseMatrix j, transposed;
    std::vector<double> slope, noise;  // g [Hz], g sqrt(N) [Hz s^1/2]
    NoisyNetwork view() const { return {j.rows(), transposed.rows(), noise}; }
};

ResponseMatrix response_matrix(const Simulation& simulation);

}  // namespace respine
