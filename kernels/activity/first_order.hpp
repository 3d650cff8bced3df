// A first-order state of each neuron, as a scenario may bring it:
//
//   dx/dt = p - k x
//
//   x   state [its own unit]
//   p   production [base unit/s]
//   k   decay [1/s]
//
// Both are held over the step, for which it is exact: x + (p - k x) (1 - e^(-k dt))/k. `unit` is one of the
// state's own units in base units.
#pragma once

#include <span>

#include "kernels/numerics/types.hpp"

namespace respine {

// (1 - e^-z)/z, and 1 where z is 0.
double held_gain(double z);

// Advances `state` by dt [s]; `held` gets the mean of before and after.
void advance_first_order(std::span<const double> production, std::span<const double> decay, double dt,
                         double unit, std::span<float> state, std::span<float> held);

// The same where all decay alike.
void advance_first_order(std::span<const double> production, double decay, double dt, double unit,
                         std::span<float> state, std::span<float> held);

// A state acts by a factor on a drive, or on what the drive is above 1.
void scale_each(std::span<const double> factor, std::span<float> drive);
void scale_excess(std::span<const double> factor, std::span<float> drive);

}  // namespace respine
