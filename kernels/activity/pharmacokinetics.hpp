// Linear compartments, advanced exactly for any step.
//
//   dx/dt = A x
//   x(t + dt) = exp(A dt) x(t)
//
//   A    rate matrix, row-major n x n [1/h]
//   dt   [h]
//
// x holds amounts [umol], effect-site concentrations [uM], areas [uM h] and the rates of running zero-order
// inputs [umol/h], whose own derivative is zero: an infusion is a state, so no step is ever needed inside it.
// The exponential: scaling and squaring of a Taylor series of order 18, ||A dt / 2^s|| <= 1/2.
// Source: Moler & Van Loan 2003, 10.1137/S00361445024180, method 3.
#pragma once

#include <span>

#include "kernels/numerics/types.hpp"

namespace respine {

// exp(A dt) into `transition` (n x n). `scratch` holds 2 n n values.
void transition_matrix(std::span<const double> rate, size_t n, double dt, std::span<double> transition,
                       std::span<double> scratch);

// x <- transition x. `scratch` holds n values.
void advance_amounts(std::span<const double> transition, std::span<double> amounts,
                     std::span<double> scratch);

}  // namespace respine
