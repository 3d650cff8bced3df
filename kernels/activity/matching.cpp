#include "kernels/activity/matching.hpp"

#include <algorithm>

#include "kernels/numerics/types.hpp"

namespace respine {

void match_counts(std::span<const float> factor, const CountLevels& own, const MatchedLevels& matched) {
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(factor.size()))
    for (size_t i = 0; i < own.healthy.size(); ++i) {
        const float t = std::max(kLeastMatched, factor[i]);
        matched.healthy[i] = t * own.healthy[i];
        matched.equilibrium[i] = t * own.equilibrium[i];
        matched.capacity[i] = t * own.capacity[i];
        matched.attempts[i] = t * own.attempts[i];
    }
}

}  // namespace respine
