// Time as it passes at the machine, for effort, progress and limits; nothing of it decides a result.
#pragma once

#include <chrono>

namespace respine {

using WallTime = std::chrono::steady_clock::time_point;

inline WallTime wall_now() { return std::chrono::steady_clock::now(); }

inline double seconds_since(WallTime start) {
    return std::chrono::duration<double>(wall_now() - start).count();
}

}  // namespace respine
