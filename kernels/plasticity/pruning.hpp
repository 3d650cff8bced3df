// Loss of spines: small ones die young, old ones persist, and a neuron that holds more than its equilibrium
// loses faster.
//
//   hazard_k = h0 e^(-a x_k) e m_i
//   m_i = 1 + c [n_i / n*_i - 1]+
//   chance in one step = 1 - exp(-hazard dt)
//
//   h0   hazard at the attractor [1/d]
//   a    steepness [1]
//   e    elimination factor of stress [1]
//   c    homeostasis [1]
//   n    live synapses
//   n*   the neuron's own drug-free equilibrium
//   dt   structural step [d]
//
// A newborn spine has a hazard of its own, whatever its size, and may mature: newborn.hpp.
//
// One sweep walks the size, draws the loss, and closes the gap with the last live synapse of the row: walk
// and draw take 32 random bits of a synapse, so one Philox call serves four; where 16 bits cannot decide a
// loss (once in 65,536 draws) another call adds 32. m_i multiplies the chance (its error is half the chance
// squared: below 1e-6 a step).
// Sources: Moda-Sava et al. 2019, 10.1126/science.aat8078;
// Shao et al. 2021, 10.1016/j.neuron.2021.06.008 (turnover). Values: configs/models/*.yaml.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "kernels/numerics/parameter.hpp"
#include "kernels/plasticity/lost_places.hpp"
#include "kernels/plasticity/newborn.hpp"
#include "kernels/plasticity/spine_size.hpp"
#include "kernels/plasticity/stress.hpp"

namespace respine {

struct PruningParams {
    double hazard;       // h0 [1/d]
    double steepness;    // a [1]
    double stress;       // elimination at severity 1 [1]
    double homeostasis;  // c [1]
};
inline constexpr Parameter<PruningParams> kPruningParameters[] = {
    {"hazard", "1/d", &PruningParams::hazard, 0, 10, "hazard of loss at the attractor of log size"},
    {"steepness", "1", &PruningParams::steepness, 0, 10, "fall of the hazard per unit of log size"},
    {"stress", "1", &PruningParams::stress, 0.1, 10,
     "elimination factor at stress severity 1; below 1 where stress keeps synapses"},
    {"homeostasis", "1", &PruningParams::homeostasis, 0, 200,
     "rise of the hazard per relative excess of synapses"},
};

// e of stress alone: 1 at severity 0, `stress` at severity 1; never below the least factor of stress.hpp.
inline double stressed_elimination(const PruningParams& p, double severity) {
    return std::max(kLeastStressFactor, 1.0 + (p.stress - 1.0) * severity);
}

// Hazard at a log size [1/d], for an elimination factor `elimination`.
double hazard_of(const PruningParams& p, double elimination, double log_size);

// m_i of a neuron with so many live synapses.
inline float homeostasis_of(double c, u32 live, float equilibrium) {
    return 1.0F + static_cast<float>(c) * std::max(0.0F, static_cast<float>(live) / equilibrium - 1.0F);
}

// An exponential of the size that is never below the chance of loss: comparing with it clears most synapses
// without a look-up. The chance of fixed-point size x is at most the float whose bits are zero - slope x.
struct LossBound {
    float zero, slope;
};

// Chance of loss in one step for each size-table entry.
struct LossTable {
    explicit LossTable(std::vector<float> chances);  // kSizeTable values in [0, 1]
    std::vector<float> chance;
    LossBound bound;
};

// For an elimination factor `elimination` and a step of dt days.
LossTable loss_table(const PruningParams& p, double elimination, double dt);

struct TurnoverInput {
    WalkStep walk;
    const LossTable& loss;
    std::span<const float> equilibrium;  // n* of each row
    double homeostasis;
    u64 seed;
    u32 tick;  // structural step
    NewbornStep newborn = {};
    std::span<const float> pool = {};  // protein pool of each row; empty where nothing is newborn
    LostPlaces places = {};            // gain what is lost
};

// Walks and prunes rows [first, last). out_degree loses one for each lost synapse. lost[b] gains the number
// lost in block b of kBlock rows; when `events` is not empty, events[b] gains one entry for each.
void turn_over_spines(const TurnoverInput& in, const SynapseRows& rows, size_t first, size_t last,
                      std::span<u32> out_degree, std::span<u32> lost,
                      std::span<std::vector<SynapseEvent>> events);

}  // namespace respine
