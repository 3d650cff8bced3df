#include "kernels/activity/matching.hpp"

#include <algorithm>

#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

void match_counts(std::span<const float> factor, const CountLevels& own, const MatchedLevels& matched) {
    for_neurons(0, own.healthy.size(), [&](size_t i) {
        const float t = std::max(kLeastMatched, factor[i]);
        matched.healthy[i] = t * own.healthy[i];
        matched.equilibrium[i] = t * own.equilibrium[i];
        matched.capacity[i] = t * own.capacity[i];
        matched.attempts[i] = t * own.attempts[i];
    });
}

}  // namespace respine
