// How much stress of a severity leaves of a rate: all of it at 0, the share `at_one` at 1, in between linear.
//
//   f(sigma) = max(0.05, 1 - (1 - f_1) sigma)
//
//   sigma   severity [1], above 1 too
//   f_1     the factor at 1 [1]
//
// The floor keeps the line from reaching zero at severities above 1, where nothing was measured (mark A).
#pragma once

#include <algorithm>

namespace respine {

inline constexpr double kLeastStressFactor = 0.05;

inline double stress_factor(double at_one, double severity) {
    return std::max(kLeastStressFactor, 1.0 - (1.0 - at_one) * severity);
}

}  // namespace respine
