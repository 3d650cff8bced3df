// What a study says about its parameters: variance shares, elementary effects, a dose-response curve, and
// noise apart from signal. Rows that belong together (a Saltelli block, a Morris trajectory) are dropped
// together when one of them has no value.
//
//   S1_i = mean(f_B (f_ABi - f_A)) / V      ST_i = mean((f_A - f_ABi)^2) / (2 V)      V variance of f_A and
//   f_B together EE_i = (f(x + step) - f(x)) / step of a trajectory;  mu, mu* and sigma: mean, mean of |EE|,
//   SD over trajectories E(x) = e0 + (emax - e0) x^n / (ec50^n + x^n)
// Sources: Saltelli et al. 2010, 10.1016/j.cpc.2009.09.018; Jansen 1999, 10.1016/S0010-4655(98)00154-4;
// Morris 1991, 10.1080/00401706.1991.10484804.
#pragma once

#include <vector>

#include "analysis/design/design.hpp"

namespace respine {

struct Interval {
    double value = 0.0, low = 0.0, high = 0.0;  // 95 %, by bootstrap
};

struct SobolIndices {
    std::vector<Interval> first, total;  // by parameter
    u32 used = 0, dropped = 0;           // blocks
};

// `values` in the order of saltelli_design; NaN where a run failed.
SobolIndices sobol_indices(size_t parameters, const std::vector<double>& values, u64 seed = 1,
                           u32 resamples = 1000);

// How well the blocks tell the total indices: half the width of the widest interval and whose it is; and
// about how many blocks make it `wanted`, since it falls as their root.
struct Convergence {
    double half_width = 0.0;
    size_t parameter = 0;
    double blocks = 0.0;
};
inline constexpr double kWantedHalfWidth = 0.05;
Convergence convergence_of(const SobolIndices& indices, double wanted = kWantedHalfWidth);

struct MorrisIndices {
    std::vector<double> mu, sigma;  // per unit of the whole range
    std::vector<Interval> mu_star;
    u32 used = 0, dropped = 0;  // trajectories
};

MorrisIndices morris_indices(const UnitDesign& design, const std::vector<double>& values, u64 seed = 1,
                             u32 resamples = 1000);

struct Hill {
    double e0 = 0.0, emax = 0.0, ec50 = 1.0, n = 1.0;
    double at(double x) const;
};

struct HillFit {
    Hill curve;
    std::vector<double> x, middle, low, high;  // the curve and its 95 % band by bootstrap of the residuals
    Interval ec50, n;
    double r2 = 0.0;  // share of the variance that the curve explains
    bool rises = true;
};

// Least squares on at least five finite points with x > 0; throws Error(kInput) otherwise.
HillFit fit_hill(const std::vector<double>& dose, const std::vector<double>& response, u64 seed = 1,
                 u32 resamples = 200);

struct Noise {
    double seed_sd = 0.0;       // between replicates of one point
    double parameter_sd = 0.0;  // between points, the part that the seeds do not explain
    u32 points = 0;             // with two replicates or more
};

// groups: the values of one point, replicate by replicate.
Noise separate_noise(const std::vector<std::vector<double>>& groups);

}  // namespace respine
