// Coordinated activity: how the rates of pyramidal cells would vary together under private noise, and how an
// ensemble answers when half of it gets a weak input. By linear response around the present state
// (kernels/activity/linear_response.hpp); nothing of the run is changed.
//
//   variance        mean C_ii                                                   [Hz^2 s]
//   correlation     mean C_ij of pairs over the mean variance; between two regions over the root of the
//                   product of theirs                                           [1]
//   dimensionality  (sum C_ii)^2 / sum C_ij^2: participation ratio              [1]
//   completion      (other half - rest) / driven half of an ensemble            [1]
//
// An ensemble is the pyramidal cells next to a drawn one; every second of them, by distance, gets the input.
// With it the response of the other half over that of the rest of the region, by which pattern completion is
// told, could be divided by nearly nothing, or by a negative number; so the difference is read, over the
// response of the driven half.
// Sums over pairs are exact; variances and dimensionality come from random probes, with a standard error by
// leaving each probe out in turn.
// Sources: participation ratio, Dahmen et al. 2022; see the kernel.
#pragma once

#include <string>
#include <vector>

#include "sim/simulation.hpp"

namespace respine {

struct CoordinationQuantity {
    const char *name, *unit, *meaning;
};
inline constexpr CoordinationQuantity kOfProbes[] = {
    {"variance", "Hz^2 s", "variance of the rates of pyramidal cells over a long window, times its length"},
    {"correlation", "1", "correlation of pairs of pyramidal cells: mean covariance over mean variance"},
    {"dimensionality", "1", "participation ratio of the covariance of pyramidal cells"},
};
inline constexpr CoordinationQuantity kOfEnsembles[] = {
    {"ensemble_driven", "Hz", "response per unit of input of the half of an ensemble that gets it"},
    {"ensemble_other", "Hz", "response of the other half of an ensemble"},
    {"ensemble_rest", "Hz", "response of the other pyramidal cells of the region of an ensemble"},
    {"completion", "1",
     "response of the other half of an ensemble less that of the rest, over that of the driven half"},
};

struct CoordinationRow {
    std::string name, unit, long_name;
};

// What one session gives, in this order; the correlations between all groups follow, groups x groups.
std::vector<CoordinationRow> coordination_rows(const Network& network);
size_t coordination_width(const Network& network);

// Throws Error(kNumerical) when the response does not converge.
std::vector<double> measure_coordination(const Simulation& simulation);

}  // namespace respine
