// The count that a neuron defends: a gain that lasts while proteins are made becomes its own, and is given
// back over weeks.
//
//   dn*/dt = kappa L [n - n*]+ - (n* - r)/tau,    kept between n0 and h
//   r = n0 + a D (h - n0)
//
//   n*      set point, above which a neuron loses faster [count]
//   n       live synapses, held over dt
//   n0      drug-free equilibrium under the subject's stress [count]
//   h       healthy count
//   L       lagged protein pool [1], held over dt
//   D       build-up of a conventional antidepressant [1]
//   kappa   consolidation at a full pool [1/d]; 0 switches it off
//   tau     return to r [d]
//   a       share of the deficit that an antidepressant moves r by [1]
//   dt      structural step [d]
//
// The pool stands in the rate because to consolidate takes protein; so counts that only fluctuate move
// nothing, and a vehicle does not drift. One dose is over before much is kept, a course keeps both the pool
// and the excess up. All of it is assumed (mark A): relapse comes later after a course than after a dose
// (Murrough et al. 2013, 10.1016/j.biopsych.2012.06.022), and weekly doses hold a response (Phillips et al.
// 2019, 10.1176/appi.ajp.2018.18070834). Where stress added synapses, n0 is above h: then consolidation has
// nothing to keep, and an antidepressant brings n* down. Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct SetPointParams {
    double consolidation;   // kappa [1/d]
    double back;            // tau [d]
    double antidepressant;  // a [1]
};
inline constexpr Parameter<SetPointParams> kSetPointParameters[] = {
    {"consolidation", "1/d", &SetPointParams::consolidation, 0, 100,
     "rate at which a gain becomes the neuron's own while the protein pool is full; 0 switches it off"},
    {"return", "d", &SetPointParams::back, 0.1, 1000, "return of the set point to the stressed equilibrium"},
    {"antidepressant", "1", &SetPointParams::antidepressant, 0, 1,
     "share of the deficit that a conventional antidepressant takes from the set point"},
};

struct SetPointInput {
    double back;            // tau of this subject [d]
    double antidepressant;  // D [1]
    double dt;              // [d]
    std::span<const u32> live;
    std::span<const float> pool, stressed, healthy;  // L, n0, h
};

void move_set_point(const SetPointParams& p, const SetPointInput& in, std::span<float> set_point);

// Takes a share of what the set point is above n0: new stress.
void undo_set_point(double share, std::span<const float> stressed, std::span<float> set_point);

}  // namespace respine
