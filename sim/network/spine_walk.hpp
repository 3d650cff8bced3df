// Sizes and ages of spines at rest, newborn and mature: the walk with loss and renewal on a grid.
//
//   0 = (x b)'/tau + (sigma^2/tau) b'' - (e m h_n + mu) b + s q(x)
//   0 = (x p)'/tau + (sigma^2/tau) p'' - e m h(x) p + mu b + (1 - s) q(x)
//
//   b, p   densities of newborn and of mature spines; their integral is the mean lifetime
//   q      density of new spines, of which the share s is newborn
//
// The other symbols are those of kernels/plasticity/spine_size.hpp, pruning.hpp and newborn.hpp; m is the
// mean of the homeostatic factor. Finite volumes, so each equation is tridiagonal. Ages: survival of new
// spines under the same walk, conditional on size; those of newborns by their rate of leaving alone.
#pragma once

#include <vector>

#include "kernels/plasticity/newborn.hpp"
#include "kernels/plasticity/pruning.hpp"
#include "kernels/plasticity/spine_size.hpp"
#include "sim/model/model.hpp"

namespace respine {

inline constexpr double kSmallestSpine = -3.0, kLargestSpine = 3.0;  // log size [1]

// By which synapses walk, die and form.
struct PlasticRule {
    SpineSizeParams spine_size;
    PruningParams pruning;
    NewbornParams newborn;
    FormationParams formation;
};
inline PlasticRule rule_of(const Model& m) { return {m.spine_size, m.pruning, m.newborn, m.formation}; }

// The walk with loss as a tridiagonal operator on cell averages: du/dt = -(M + f h) u + q, f the factor on
// the hazard.
struct WalkOperator {
    std::vector<double> lower, diagonal, upper, hazard, renewal;
    NewbornParams newborn;

    explicit WalkOperator(const PlasticRule& rule);
    // Rate at which newborns die or mature.
    double leaving(double factor) const { return factor * newborn.hazard + newborn.maturation; }
    // Solves (shift + M + factor h) u = right.
    std::vector<double> solve(double shift, double factor, const std::vector<double>& right) const;
};

// Mean hazard of all spines at rest [1/d].
double mean_hazard(const WalkOperator& walk, double loss_factor);

struct SizeDensity {
    std::vector<double> x, density;  // normalised to 1
    std::vector<double> newborn;     // the part of the density that is newborn
    double newborn_share = 0.0;      // its integral
    double mean_hazard = 0.0;        // hbar [1/d], elimination and homeostasis included
    double mean_weight = 0.0;        // <e^x>
};

SizeDensity stationary_sizes(const PlasticRule& rule, double loss_factor);

// Draws initial sizes, states and ages from the stationary densities; each u is uniform on (0, 1).
class SpineSampler {
public:
    SpineSampler(const PlasticRule& rule, double loss_factor, const SizeDensity& sizes);
    double size(double u) const;
    bool newborn(double x, double u) const;
    double age(double x, bool newborn, double u) const;  // [d]

private:
    // A cumulative law with a guide: where the search for u may start. It only saves time.
    struct InverseTable {
        std::vector<double> cumulative;
        std::vector<u16> guide;
        void finish();                 // sums densities up to a law and makes the guide
        size_t place(double u) const;  // the first entry that is not below u, at most the last
    };

    void tabulate_ages(const PlasticRule& rule, double loss_factor);

    std::vector<double> x_, ages_;
    InverseTable sizes_;
    std::vector<InverseTable> age_of_size_;  // of mature spines, by size bin
    std::vector<double> newborn_of_size_;    // share, at each of x_
    double leaves_ = 1.0;                    // rate at which newborns die or mature [1/d]
    double low_ = 0.0, bin_ = 1.0;
};

}  // namespace respine
