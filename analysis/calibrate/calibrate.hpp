// Fits parameters to targets: what a point is worth, and the search for the best one. Nothing here knows the
// model: a point goes into a function, simulated values come out.
//
// Loss of a target, in half-widths h of the band that its row accepts (sim. = mean over seeds, change = sim.
// - reference):
//   value     ((sim. - value) / h)^2           h = (high - low) / 2
//   zero      (sim. / h)^2                     h = kZeroBand
//   flat      (change / h)^2                   h = least_change(reference)
//   up, down  max(0, 1 - change / h)^2         h as for flat, down with the sign of the change turned: a
//   hinge, nothing to gain beyond h
// The total is their sum. Parameters are searched in [0, 1] of their range, logarithmically when the range
// spans more than a factor of ten.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/calibrate/evaluations.hpp"
#include "analysis/validate/targets.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct FitParameter {
    std::string path, unit;
    double low = 0.0, high = 0.0, start = 0.0;  // in `unit`
};

struct Search {
    int global = 0, local = 0;  // evaluations of CRS2 and of BOBYQA, each at most
    u64 seed = 1;               // of CRS2
};

// Of one target: mean over the seeds, and of the reference where the row compares. NaN where the runs give
// none.
struct Simulated {
    double mean, reference;
};

// Simulated values of every target at a point. Error(kNumerical) means that the model has no answer there.
using Simulate = std::function<std::vector<Simulated>(const std::vector<double>& point)>;

// A point where the model has no answer, or a target without a value: as bad as a thousand half-widths, and
// no loss is larger.
inline constexpr double kWorstLoss = 1e6;

// Whether a row of this kind has a loss: not `order` (true or false) and not `input` (read back by
// construction).
bool has_loss(const TargetRow& row);
double loss_of(const TargetRow& row, const Simulated& simulated);

// Rounded to 12 digits, so that the short text of a value in files and options is the value.
double value_at(const FitParameter& parameter, double share);
double share_of(const FitParameter& parameter, double value);

// Evaluates a point, or takes it from what is known. A new one is added to `known` before this returns.
const Evaluation& evaluate(const std::vector<TargetRow>& targets, const std::vector<double>& point,
                           const Simulate& simulate, Evaluations& known);

struct Fit {
    Evaluation start, best;
    int asked = 0;  // points that the search asked for, known ones included
};

// The start, then CRS2 over the whole range, then BOBYQA (subplex for a single parameter) from the best point
// so far. Deterministic: with the same points known or none it asks for the same ones.
Fit calibrate(const std::vector<FitParameter>& parameters, const std::vector<TargetRow>& targets,
              const Search& search, const Simulate& simulate, Evaluations& known);

}  // namespace respine
