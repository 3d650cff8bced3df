// Designs of parameter studies: which points of the unit cube are run, and how a coordinate becomes a value.
//
//   random   independent uniform draws
//   lhs      Latin hypercube: every parameter takes each of `points` strata once
//   morris   trajectories on a grid of `levels`, each step moves one parameter by half of them
//   sobol    Saltelli's blocks of k + 2 rows (A, A with column i of B for each i, B) from a Sobol' sequence
//            of 2k dimensions, each scrambled by the seed as Owen does it; the blocks of a shorter design
//            are the first ones of a longer
// Sources: McKay et al. 1979, 10.1080/00401706.1979.10489755; Morris 1991, 10.1080/00401706.1991.10484804;
// Saltelli et al. 2010, 10.1016/j.cpc.2009.09.018; Owen 1998, 10.1006/jcom.1998.0487.
#pragma once

#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

enum class Prior { kUniform, kLogUniform, kNormal, kLogNormal };

// The quantile of a law at u in (0, 1). Uniform laws: between low and high. Normal laws: low and high are the
// central 95 %.
double quantile(Prior law, double low, double high, double u);

// The other way round: the share of the law below a value.
double share_below(Prior law, double low, double high, double value);

// Rows of coordinates in (0, 1), one row a point. `block` tells which rows belong together: a trajectory of k
// + 1 rows, a Saltelli block of k + 2; a row of its own elsewhere.
struct UnitDesign {
    std::vector<std::vector<double>> rows;
    std::vector<u32> block;
};

UnitDesign random_design(size_t parameters, u32 points, u64 seed);
UnitDesign latin_hypercube(size_t parameters, u32 points, u64 seed);
UnitDesign morris_design(size_t parameters, u32 trajectories, u32 levels, u64 seed);
UnitDesign saltelli_design(size_t parameters, u32 blocks, u64 seed);

// Every combination of counts[0] x counts[1] x ... indices, the last one fastest.
std::vector<std::vector<u32>> full_factorial(const std::vector<u32>& counts);

}  // namespace respine
