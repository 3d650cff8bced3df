// The drug-free equilibrium of spines, solved before the run so that a vehicle does not drift.
//
// Sizes: stationary density p of the walk with loss and renewal,   0 = (x p)'/tau + (sigma^2/tau) p'' - e m
// h(x) p + q(x)
//   q density of new spines; integral of p is the mean lifetime. Solved on a grid, tridiagonal.
// Counts: birth-death law of one neuron,   up  f0 S beta (1 - n/C) V_ax,   down  n hbar (1 + c [n/n* - 1]+),
//   hbar mean hazard under p; V_ax = 1 - <n>/C; m the mean of the homeostatic factor. Self-consistent.
// Capacity C and attempts f0 follow from two wanted means: h for the healthy neuron, 0.8 h at stress
// severity 1. Ages: survival of new spines under the same walk, conditional on size.
#pragma once

#include <vector>

#include "kernels/plasticity/pruning.hpp"
#include "kernels/plasticity/spine_size.hpp"
#include "sim/model/model.hpp"

namespace respine {

inline constexpr double kSmallestSpine = -3.0, kLargestSpine = 3.0;  // log size [1]

// By which synapses walk, die and form.
struct PlasticRule {
    SpineSizeParams spine_size;
    PruningParams pruning;
    FormationParams formation;
};
inline PlasticRule rule_of(const Model& m) { return {m.spine_size, m.pruning, m.formation}; }

// What sets one neuron's balance besides its own count.
struct Condition {
    double formation = 1.0;    // S beta
    double elimination = 1.0;  // e
};

struct SizeDensity {
    std::vector<double> x, density;  // normalised to 1
    double mean_hazard = 0.0;        // hbar [1/d], elimination and homeostasis included
    double mean_weight = 0.0;        // <e^x>
};

SizeDensity stationary_sizes(const SpineSizeParams& size, const PruningParams& pruning, double loss_factor);

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
// wanted equilibrium.
Balance solve_balance(const PlasticRule& rule, double healthy, const Condition& stressed);

// The stationary law of counts under a condition; n* is its own mean.
CountLaw stationary_counts(const PlasticRule& rule, const Balance& balance, const Condition& condition);

// Draws initial sizes and ages from the stationary densities.
class SpineSampler {
public:
    SpineSampler(const SpineSizeParams& size, const PruningParams& pruning, double loss_factor,
                 const SizeDensity& sizes);
    double size(double u) const;           // u uniform on (0, 1)
    double age(double x, double u) const;  // [d]

private:
    // A cumulative law with a guide: where the search for u may start. It only saves time.
    struct InverseTable {
        std::vector<double> cumulative;
        std::vector<u16> guide;
        void finish();                 // sums densities up to a law and makes the guide
        size_t place(double u) const;  // the first entry that is not below u, at most the last
    };

    std::vector<double> x_, ages_;
    InverseTable sizes_;
    std::vector<InverseTable> age_of_size_;  // by size bin
    double low_ = 0.0, bin_ = 1.0;
};

}  // namespace respine
