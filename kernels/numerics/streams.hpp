// What randomness is drawn for, and what one draw is. How it is drawn: kernels/numerics/random.hpp.
#pragma once

#include <array>

#include "kernels/numerics/types.hpp"

namespace respine {

enum class Stream : u32 {
    kWalk = 1,
    kFormationCount = 2,
    kFormationPartner = 3,
    kPosition = 4,
    kDegree = 5,
    kFixedSource = 6,
    kPlasticSource = 7,
    kInitialSize = 8,
    kHeterogeneity = 9,
    kSubject = 10,
    kScoring = 11,
    kDendriteChoice = 12,
    kSpinePlace = 13,
    kGraph = 14,
    kLoss = 15,
    kDesign = 16,
    kProjection = 17,
    kRating = 18,
    kNewStress = 19,
    kCoordination = 20,
    kReturn = 24,
    kAttendance = 25,
};

using Draw = std::array<u32, 4>;

}  // namespace respine
