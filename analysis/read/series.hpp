// Readings of a time series: rows at ascending times [h], linear between them, the ends held.
#pragma once

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

}  // namespace respine
