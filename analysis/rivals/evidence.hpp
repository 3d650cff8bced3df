// How well each rival predicts the rows of the target table that none was fitted to, and whether data that
// one of them made would be told apart from those of the others.
//
// A row is a number y with a spread s: the published value and half of its half-width (tolerances are two
// standard errors), no change and half of the change that counts (flat, zero), or the least change that
// counts and half of it, above or below which nothing is gained (up, down). A rival's mean over seeds is m.
//
//   value, flat, zero   log N(y; m, s)
//   up, down            log Phi((m - y) / s), turned for down
//   order               log 0.95 where it holds in every seed, else log 0.05
//
// Rows in which no two rivals differ by a spread separate nothing, whoever passes them, and are not counted.
#pragma once

#include <string>
#include <vector>

#include "analysis/validate/targets.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct RowScore {
    double mean = 0.0;     // of the rival: value, or change against the reference
    double aim = 0.0;      // y
    double spread = 0.0;   // s; 0 for order
    double density = 0.0;  // log predictive density; NaN without a value
};
RowScore score_of(const TargetResult& result);

// How far the mean lies from the published value, or from no change, in spreads: of a row down turned, so
// that the change that counts is 2 or more whichever way a row goes.
double standardised(const TargetResult& result);

// Largest difference between two rivals in one row, in its spread; for order 1 where they disagree.
double separation_of(const std::vector<RowScore>& by_rival);

// Whom the data that rival `truth` makes point to: of `draws` data sets, the share in which each rival has
// the largest log density. A data set is the truth's own values, measured in `made`, with the spread of each
// row as noise; `predicted` are measured in other seeds.
std::vector<double> recovered(size_t truth, const std::vector<std::vector<RowScore>>& made,
                              const std::vector<std::vector<RowScore>>& predicted, u32 draws);

}  // namespace respine
