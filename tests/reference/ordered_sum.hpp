// Sums in extended precision, front to back.
#pragma once

#include <cmath>
#include <span>

namespace respine::reference {

inline long double sum(std::span<const float> values) {
    long double s = 0.0L;
    for (float v : values) s += static_cast<long double>(v);
    return s;
}

inline long double dot(std::span<const float> a, std::span<const float> b) {
    long double s = 0.0L;
    for (std::size_t i = 0; i < a.size(); ++i)
        s += static_cast<long double>(a[i]) * static_cast<long double>(b[i]);
    return s;
}

inline long double population_sd(std::span<const float> values) {
    const long double n = static_cast<long double>(values.size()), mean = sum(values) / n;
    long double s = 0.0L;
    for (float v : values) s += (static_cast<long double>(v) - mean) * (static_cast<long double>(v) - mean);
    return std::sqrt(s / n);
}

}  // namespace respine::reference
