#include "kernels/activity/modulation.hpp"

#include <algorithm>
#include <cstddef>

namespace respine {

double signed_occupancy(std::span<const Binding> drugs) {
    double moved = 0.0, bound = 0.0;
    for (const Binding& b : drugs) {
        moved += b.efficacy * b.ratio;
        bound += b.ratio;
    }
    return moved / (1.0 + bound);
}

double modulated(std::span<const double> gain, std::span<const double> occupancy) {
    double factor = 1.0;
    for (std::size_t r = 0; r < gain.size(); ++r) factor += gain[r] * occupancy[r];
    return std::max(0.0, factor);
}

}  // namespace respine
