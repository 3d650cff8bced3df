#include "kernels/plasticity/set_point.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"

namespace respine {

void move_set_point(const SetPointParams& p, const SetPointInput& in, std::span<float> set_point) {
    const double back = 1.0 / in.back, restored = p.antidepressant * in.antidepressant;
    for_neurons(0, set_point.size(), [&](size_t i) {
        const double stressed = in.stressed[i], healthy = in.healthy[i];
        const double least = std::min(stressed, healthy), most = std::max(stressed, healthy);
        const double rest = stressed + restored * (healthy - stressed);
        const double live = in.live[i], held = set_point[i];
        const double keeps = live > held ? p.consolidation * in.pool[i] : 0.0, rate = keeps + back;
        const double settled = rest + keeps / rate * (live - rest);
        const double moved = settled + (held - settled) * det_exp(-rate * in.dt);
        set_point[i] = static_cast<float>(std::clamp(moved, least, most));
    });
}

void undo_set_point(double share, std::span<const float> stressed, std::span<float> set_point) {
    for_neurons(0, set_point.size(), [&](size_t i) {
        set_point[i] =
            static_cast<float>(set_point[i] - share * (static_cast<double>(set_point[i]) - stressed[i]));
    });
}

}  // namespace respine
