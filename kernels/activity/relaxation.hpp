// Anderson acceleration of the fixed point r = G(r): the fast network's steady state without milliseconds.
//
//   d_n = G(r_n) - r_n
//   r_(n+1) = r_n + beta d_n - sum_j gamma_j (Dr_j + beta Dd_j)
//   gamma = argmin || d_n - sum_j gamma_j Dd_j ||
//
//   Dr_j, Dd_j   differences of the last kAndersonDepth iterates and residuals
//   beta         damping [1]
//
// Before each step the residual is corrected for what all neurons of a group do together: an exact Newton
// step of the mean-field network, because there the strong inhibitory loops live that plain iteration
// overshoots.
//
//   (I - D) y = <d>
//   D_gs = <f'>_g c_gs
//   d_i <- d_i + f'_i sum_s c_gs y_s
//   f'_i = 2 sqrt(k_g G_i)
//
//   <>     mean over a group
//   c_gs   input of group g per Hz of mean rate of group s [1/Hz]
//   k      gain [Hz]
//
// Each process moves its own neurons. All sums are ordered, so the iterates do not depend on the number of
// threads or processes. Source: Walker & Ni 2011, 10.1137/10078356X.
#pragma once

#include <array>
#include <span>

#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr size_t kAndersonDepth = 3;

struct AndersonSpace {
    std::array<std::span<float>, kAndersonDepth> rate_change, residual_change;  // ring of differences
    std::span<float> residual;                                                  // d of the last iterate
    size_t filled = 0, next = 0;
    bool started = false;
};

// sqrt(sum (settled - rate)^2 / sum rate^2): how far the rates are from their fixed point.
double relative_residual(const NeuronShare& share, std::span<const float> settled,
                         std::span<const float> rate);

struct GroupRange {
    size_t first, last;
    double gain;  // k [Hz]
};

// Adds the mean-field Newton correction to `settled`. coupling: groups x groups, c_gs. `slope` is scratch of
// the size of `rate`.
void correct_by_groups(const NeuronShare& share, std::span<const GroupRange> groups,
                       std::span<const double> coupling, std::span<const float> rate, std::span<float> slope,
                       std::span<float> settled);

// One accelerated step: `rate` becomes the next iterate. Negative rates are cut at zero.
void accelerate(const NeuronShare& share, AndersonSpace& space, std::span<const float> settled,
                double damping, std::span<float> rate);

}  // namespace respine
