// exp, log, and cos(2 pi u) from IEEE operations only: the same bits on every machine and build.
// libm may switch to fused variants by CPU, so nothing that decides a synapse's fate goes through it.
//
//   exp(x): x = n ln2 + f, |f| <= ln2/2, Taylor to f^13           relative error < 4e-16 for |x| < 700
//   log(x): x = 2^n m, m in [sqrt(1/2), sqrt 2], atanh series     relative error < 1e-15
//   cos(2 pi u): folded to [-1/4, 1/4], Taylor to the 20th power  absolute error < 1e-15
// Source: Abramowitz & Stegun 4.1.27, 4.2.1, 4.3.66.
#pragma once

#include <bit>
#include <cmath>

#include "kernels/numerics/types.hpp"

namespace respine {

// No branches and no conversion to integers, so a loop over it becomes vector code.
inline double det_exp(double x) {
    constexpr double kLog2e = 1.4426950408889634074, kLn2Hi = 0.693147180369123816490,
                     kLn2Lo = 1.90821492927058770002e-10;
    // 1.5 * 2^52: adding it rounds to the nearest integer, which the low bits then hold.
    constexpr double kToInteger = 6755399441055744.0;
    const double kept = x < -700.0 ? -700.0 : x > 700.0 ? 700.0 : x;
    const double shifted = kept * kLog2e + kToInteger, n = shifted - kToInteger;
    const double f = (kept - n * kLn2Hi) - n * kLn2Lo;
    double p = 1.0 / 6227020800.0;
    constexpr double kInverseFactorial[] = {1.0 / 479001600.0,
                                            1.0 / 39916800.0,
                                            1.0 / 3628800.0,
                                            1.0 / 362880.0,
                                            1.0 / 40320.0,
                                            1.0 / 5040.0,
                                            1.0 / 720.0,
                                            1.0 / 120.0,
                                            1.0 / 24.0,
                                            1.0 / 6.0,
                                            0.5,
                                            1.0,
                                            1.0};
    for (double c : kInverseFactorial) p = p * f + c;
    const double power = std::bit_cast<double>((std::bit_cast<u64>(shifted) << 52) + (u64{1023} << 52));
    return x < -700.0 ? 0.0 : p * power;
}

// Natural logarithm of a positive normal number.
inline double det_log(double x) {
    const u64 bits = std::bit_cast<u64>(x);
    i64 n = static_cast<i64>(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        ++n;
    }
    const double s = (m - 1.0) / (m + 1.0), s2 = s * s;
    double p = 0.0;
    for (int k = 23; k >= 1; k -= 2) p = p * s2 + 1.0 / k;
    return 2.0 * s * p + static_cast<double>(n) * 0.69314718055994530942;
}

inline double det_cos_turn(double u) {
    u -= std::floor(u + 0.5);
    double sign = 1.0;
    if (u > 0.25) {
        u = 0.5 - u;
        sign = -1.0;
    } else if (u < -0.25) {
        u = -0.5 - u;
        sign = -1.0;
    }
    const double a = 6.283185307179586 * u, a2 = a * a;
    double p = 1.0;
    for (int k = 20; k >= 2; k -= 2) p = 1.0 - p * a2 * (1.0 / static_cast<double>(k * (k - 1)));
    return sign * p;
}

}  // namespace respine
