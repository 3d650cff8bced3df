// Newborn spines: one without a mature postsynaptic density dies within days, or gains a density and from
// then on walks and dies like all others.
//
//   a share s of new spines is newborn
//   hazard of a newborn   h e m_i
//   rate of maturation    mu (1 + k P_i)
//   chance in one step = 1 - exp(-rate dt)
//
//   h     hazard of a newborn [1/d]
//   e     elimination factor of stress [1], m_i homeostasis [1]: as in pruning.hpp
//   mu    maturation at rest [1/d]
//   k     gain of the protein pool P_i of the neuron [1]
//   dt    structural step [d]
//
// Both fates are read off the same 16 random bits: the lowest values die, the highest mature. m_i and
// 1 + k P_i multiply chances of a step, not rates; chances are of a percent, so that is off by half a
// percent. The mark is the lowest bit of the stored size (1.7e-4 in log size), so the sweep reads no more.
// Sources: spines that fail to gain PSD-95 rarely live a day, Cane et al. 2014,
// 10.1523/JNEUROSCI.3353-13.2014; most dynamics are of spines without PSD-95, Villa et al. 2016,
// 10.1016/j.neuron.2016.01.010. Values: configs/models/*.yaml.
#pragma once

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct NewbornParams {
    double share;       // s [1]
    double hazard;      // h [1/d]
    double maturation;  // mu [1/d]
    double protein;     // k [1]
};
inline constexpr Parameter<NewbornParams> kNewbornParameters[] = {
    {"share", "1", &NewbornParams::share, 0, 1,
     "share of new spines without a mature density; 0: all are born mature"},
    {"hazard", "1/d", &NewbornParams::hazard, 0, 10, "hazard of loss of a newborn spine"},
    {"maturation", "1/d", &NewbornParams::maturation, 0.001, 100, "rate at which a newborn matures at rest"},
    {"protein", "1", &NewbornParams::protein, 0, 100, "rise of that rate with the protein pool"},
};

// What one structural step does to newborns.
struct NewbornStep {
    bool any = false;                 // whether the rule has newborns; without, no size has a mark
    float die = 0.0F, mature = 0.0F;  // chances without homeostasis and protein
    float protein = 0.0F;             // k
};
NewbornStep newborn_step(const NewbornParams& p, double elimination, double dt);

inline constexpr u16 kNewbornMark = 1;
inline constexpr u16 marked_size(u16 size, bool newborn) {
    return static_cast<u16>((size & ~kNewbornMark) | (newborn ? kNewbornMark : 0));
}
inline constexpr bool is_newborn(u16 size) { return (size & kNewbornMark) != 0; }

}  // namespace respine
