// The drug-free equilibrium of spines, solved before the run so that a vehicle does not drift.
//
// Sizes and ages: sim/network/spine_walk.hpp.
// Counts: birth-death law of one neuron,   up  f0 S beta (1 - n/C) V_ax,   down  n hbar (1 + c [n/n* - 1]+),
//   hbar mean hazard under p; V_ax = 1 - <n>/C; m the mean of the homeostatic factor. Self-consistent.
// Capacity C and attempts f0 follow from two wanted means: h for the healthy neuron, and at stress severity 1
// formation.stressed_equilibrium of it: below h where stress takes synapses, above h where it adds them.
// More room makes the count more sensitive to stress, either way.
#pragma once

#include <vector>

#include "sim/network/spine_walk.hpp"

namespace respine {

// What sets one neuron's balance besides its own count.
struct Condition {
    double formation = 1.0;    // S beta
    double elimination = 1.0;  // e
};

struct CountLaw {
    std::vector<double> probability;  // of n = 0, 1, ...
    double mean = 0.0;
    double equilibrium = 0.0;  // n*
    double loss_factor = 1.0;  // e m
    SizeDensity sizes;
};

struct Balance {
    double healthy = 0.0;   // h, wanted mean count of a healthy neuron
    double capacity = 0.0;  // C
    double attempts = 0.0;  // f0 [1/d]
};

// Solves C and f0. `stressed` is the condition of severity 1. Throws Error(kUsage) when no capacity gives the
// wanted equilibrium, or when that is so near to h that any would.
Balance solve_balance(const PlasticRule& rule, double healthy, const Condition& stressed);

// The stationary law of counts under a condition; n* is its own mean.
CountLaw stationary_counts(const PlasticRule& rule, const Balance& balance, const Condition& condition);

}  // namespace respine
