// Readings of a time series: rows at ascending times [h], linear between them, the ends held.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

namespace respine {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();  // there is no value

struct Series {
    const std::vector<double>& time;
    const std::vector<double>& value;

    double at(double hours) const;
    double area(double from, double to) const;  // [unit h]
    double mean(double from, double to) const { return area(from, to) / (to - from); }

    // The place of the largest (or smallest) row in [from, to]; the number of rows when there is none.
    std::size_t extreme(double from, double to, bool largest) const;

    // First time in [from, to] at which the series has crossed the level upwards (or downwards); NaN when it
    // never does.
    double first_passage(double from, double to, double level, bool upwards) const;
};

// What bands over an ensemble are told by: where these shares of its members lie below.
inline constexpr std::array<double, 5> kBandShares = {0.05, 0.25, 0.5, 0.75, 0.95};
inline constexpr std::size_t kMedian = 2;

// Of the finite values, linear between them, as NumPy does it; NaN without any.
std::array<double, 5> band_of(std::vector<double> values);

}  // namespace respine
