// The fixed point by plain damping: slow, and sure where the map contracts.
#pragma once

#include <cmath>
#include <vector>

namespace respine::reference {

// Iterates r <- r + damping (G(r) - r) until || G(r) - r || < tolerance || r ||. Returns the number of maps.
template <class Map>
int relax_by_damping(std::vector<double>& r, double damping, double tolerance, int most, Map map) {
    for (int n = 1; n <= most; ++n) {
        const std::vector<double> g = map(r);
        double difference = 0.0, size = 0.0;
        for (std::size_t i = 0; i < r.size(); ++i) {
            difference += (g[i] - r[i]) * (g[i] - r[i]);
            size += r[i] * r[i];
        }
        if (std::sqrt(difference) < tolerance * std::sqrt(size)) return n;
        for (std::size_t i = 0; i < r.size(); ++i) r[i] += damping * (g[i] - r[i]);
    }
    return most;
}

}  // namespace respine::reference
