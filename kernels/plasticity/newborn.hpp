// Newborn spines: one without a mature postsynaptic density dies within days, or gains a density and from
// then on walks and dies like all others.
//
//   a share s of new spines is newborn
//   rate of dying         d = h e m_i
//   rate of maturation    u = mu (1 + k P_i)
//   chances in one step   dies d/(d + u) (1 - e^(-(d + u) dt)), matures u/(d + u) (1 - e^(-(d + u) dt))
//
//   h     hazard of a newborn [1/d]
//   e     elimination factor of stress [1], m_i homeostasis [1]: as in pruning.hpp
//   mu    maturation at rest [1/d]
//   k     gain of the protein pool P_i of the neuron [1]
//   dt    structural step [d]
//
// Exact for a step of any length over which d and u hold. Both fates are read off the same 16 random bits:
// the lowest values die, the highest mature. The mark is the lowest bit of the stored size (1.7e-4 in log
// size), so the sweep reads no more.
//
// Spines form at any time of a step alike, and what forms may be gone by its end:
//
//   still newborn = (1 - e^(-(d + u) dt))/((d + u) dt)
//   matured       = u/(d + u) (1 - still newborn)
//   born mature, still there = (1 - e^(-g dt))/(g dt), g their hazard at birth [1/d]
//
// Sources: spines that fail to gain PSD-95 rarely live a day, Cane et al. 2014,
// 10.1523/JNEUROSCI.3353-13.2014; most dynamics are of spines without PSD-95, Villa et al. 2016,
// 10.1016/j.neuron.2016.01.010. Values: configs/models/*.yaml.
#pragma once

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
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
    bool any = false;                  // whether the rule has newborns; without, no size has a mark
    double dies = 0.0, matures = 0.0;  // rates over the step, without homeostasis and protein
    double protein = 0.0;              // k
};
NewbornStep newborn_step(const NewbornParams& p, double elimination, double dt);

// Of one neuron, whose hazards are `homeostasis` (m_i) times as high, with this protein pool.
struct NewbornChances {
    double die, mature;
};

// Mean of e^(-rate s) over s from 0 to 1; a series where the difference would cancel. Both are computed, so
// that a loop over it becomes vector code.
inline double still_there(double rate) {
    const double series = 1.0 - 0.5 * rate, mean = (1.0 - det_exp(-rate)) / std::max(rate, 1e-4);
    return rate < 1e-4 ? series : mean;
}

// Rates over the step, of one neuron.
struct NewbornRates {
    double dies, matures;
    double leaves() const { return dies + matures; }
};
inline NewbornRates rates_of(const NewbornStep& step, double homeostasis, double pool) {
    return {step.dies * homeostasis, step.matures * (1.0 + step.protein * pool)};
}

inline NewbornChances chances_of(const NewbornStep& step, double homeostasis, double pool) {
    const NewbornRates r = rates_of(step, homeostasis, pool);
    const double left = still_there(r.leaves());  // times the rate it is the chance to leave
    return {r.dies * left, r.matures * left};
}

// Shares of those that form in a step: newborns that are newborn by its end and that have matured, and of
// those born mature the ones that are there, with `hazard` over the step. The others form and die within it.
struct Infancy {
    double newborn = 1.0, matured = 0.0, mature = 1.0;
};
Infancy infancy_of(const NewbornStep& step, double homeostasis, double pool, double hazard);

inline constexpr u16 kNewbornMark = 1;
inline constexpr u16 marked_size(u16 size, bool newborn) {
    return static_cast<u16>((size & ~kNewbornMark) | (newborn ? kNewbornMark : 0));
}
inline constexpr bool is_newborn(u16 size) { return (size & kNewbornMark) != 0; }

}  // namespace respine
