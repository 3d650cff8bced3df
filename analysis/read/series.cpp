#include "analysis/read/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace respine {

double Series::at(double hours) const {
    const auto after = std::lower_bound(time.begin(), time.end(), hours);
    if (after == time.begin()) return value.front();
    if (after == time.end()) return value.back();
    const std::size_t k = static_cast<std::size_t>(after - time.begin());
    const double span = time[k] - time[k - 1];
    return span > 0.0 ? value[k - 1] + (value[k] - value[k - 1]) * (hours - time[k - 1]) / span : value[k];
}

double Series::area(double from, double to) const {
    double area = 0.0, before = from, last = at(from);
    for (std::size_t k = 0; k < time.size(); ++k) {
        if (time[k] <= from || time[k] >= to) continue;
        area += 0.5 * (last + value[k]) * (time[k] - before);
        before = time[k];
        last = value[k];
    }
    return area + 0.5 * (last + at(to)) * (to - before);
}

std::size_t Series::extreme(double from, double to, bool largest) const {
    std::size_t found = time.size();
    for (std::size_t k = 0; k < time.size(); ++k)
        if (time[k] >= from && time[k] <= to && !std::isnan(value[k]) &&
            (found == time.size() || (largest ? value[k] > value[found] : value[k] < value[found])))
            found = k;
    return found;
}

double Series::first_passage(double from, double to, double level, bool upwards) const {
    const auto over = [&](double v) { return upwards ? v >= level : v <= level; };
    double before = from, last = at(from);
    if (over(last)) return from;
    for (std::size_t k = 0; k < time.size() && time[k] <= to; ++k) {
        if (time[k] <= from) continue;
        if (over(value[k])) return before + (time[k] - before) * (level - last) / (value[k] - last);
        before = time[k];
        last = value[k];
    }
    return over(at(to)) ? to : std::numeric_limits<double>::quiet_NaN();
}

std::array<double, 5> band_of(std::vector<double> values) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    std::sort(values.begin(), values.end());
    std::array<double, 5> band;
    band.fill(kNaN);
    for (std::size_t k = 0; k < band.size() && !values.empty(); ++k) {
        const double place = kBandShares[k] * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        band[k] = values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
    }
    return band;
}

}  // namespace respine
