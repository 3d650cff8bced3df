// Formation of spines: how many each neuron tries, with whom, and whether the partner has room.
//
//   attempts_i ~ Poisson(lambda_i dt)
//   lambda_i = f0_i S beta V_i + G f0_i L_i D_i
//   V_i = [1 - n_i/C_i]+
//   D_i = [1 - n_i/h_i]+ / 0.2
//   partner j drawn by the distance kernel, kept with chance V_j
//   V_j = [1 - out_j/C_j]+, as published one structural step before
//   or where a synapse of the neuron was lost, see lost_places.hpp
//
//   f0     attempts of a healthy neuron [1/d]
//   S      stress factor of formation [1]
//   beta   basal BDNF [1]
//   V      dendritic and axonal vacancy [1]
//   C      capacity
//   G      gain of the protein pool [1]
//   L      lagged protein pool [1]
//   D      deficit against the healthy count h [1]
//   dt     [d]
//
// Of those that form within a step some are lost before its end, or have matured (infancy in newborn.hpp).
// D makes the gain restore: a neuron without a deficit has nothing to regrow (PET sees no change in healthy
// brains), nor has one that stress gave more than its healthy count. The axonal vacancy thins basal and
// gained attempts alike, so one rule serves both. A quiet step is short of attempts: a bound without a branch
// clears the neurons that do not try. Rows never run full: attempts are drawn first, and the simulation makes
// room for the most of any row, so that how rows lie in memory never decides what forms.
// Sources: vacancies Butz & van Ooyen 2013, 10.1371/journal.pcbi.1003259; deficit Holmes et al. 2022,
// 10.1038/s41380-022-01465-2. Values: configs/models/*.yaml.
#pragma once

#include <span>
#include <vector>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/source_numbers.hpp"
#include "kernels/numerics/streams.hpp"
#include "kernels/plasticity/lost_places.hpp"
#include "kernels/plasticity/newborn.hpp"
#include "kernels/plasticity/pruning.hpp"
#include "kernels/plasticity/spine_size.hpp"

namespace respine {

struct FormationParams {
    double gain;    // G [1]
    double stress;  // S at severity 1 [1]
    // Wanted count at severity 1, share of healthy [1]; capacity is solved from it.
    double stressed_equilibrium;
    double return_share;  // rho of lost_places.hpp [1]
    double return_time;   // tau of lost_places.hpp [d]
    double matching;      // m of matching.hpp [1]
};
inline constexpr Parameter<FormationParams> kFormationParameters[] = {
    {"gain", "1", &FormationParams::gain, 0, 1000,
     "gain of formation by the lagged protein pool, at a deficit of 20 %"},
    {"stress", "1", &FormationParams::stress, 0.01, 3,
     "formation factor at stress severity 1; above 1 where stress adds synapses"},
    {"stressed_equilibrium", "1", &FormationParams::stressed_equilibrium, 0.3, 2,
     "equilibrium of synapses at severity 1 as a share of healthy, not within 1 % of it; solves the "
     "capacity"},
    {"return_share", "1", &FormationParams::return_share, 0, 1,
     "share of new synapses that form where one was lost, after many losses; 0: no place is remembered"},
    {"return_time", "d", &FormationParams::return_time, 0.1, 90, "time for which a lost place is preferred"},
    {"matching", "1", &FormationParams::matching, 0, 1,
     "share of a lasting change of a neuron's excitation that its plastic inhibitory synapses follow"},
};

inline constexpr double kReferenceDeficit = 0.2;

// Where partners come from: neurons listed by cell of a grid, an alias table over cell offsets, and the share
// of each source group.
struct PartnerKernel {
    u32 nx = 1, ny = 1;
    bool periodic = true;
    std::span<const u32> rank;        // cells: place of cell x + nx y along the space-filling curve
    std::span<const u32> cell_begin;  // groups x (cells + 1): first neuron of the cell of each rank, by group
    std::span<const u32> most_in_cell;  // groups
    std::span<const u32> cell;          // cell x + nx y of each neuron
    std::span<const float> keep;        // alias table over offsets: chance to keep the entry
    std::span<const u32> alias;         // else this one
    std::span<const int> dx, dy;
    // Cumulative share of each excitatory source group for this target group.
    std::span<const float> group_share;
    double uniform_share = 0.0;  // share of partners drawn anywhere (small-world rewiring)
};

inline constexpr u32 kNoPartner = 0xffffffffU;

inline constexpr u32 kAnyGroup = 0xffffffffU;

// One draw of a partner in `group` (kAnyGroup: by share) for neuron `target` from four random words;
// kNoPartner when the drawn place is empty or is the neuron itself.
u32 draw_partner(const PartnerKernel& kernel, u32 group, u32 target, const Draw& bits);

// Repeats draw_partner until a partner is found (at most 256 times); `counter` below 2^20. `first` is the
// draw of that counter, from philox or, for many counters in a row, from a DrawSequence.
u32 find_partner(const PartnerKernel& kernel, u32 group, u32 target, u64 seed, Stream stream, u32 counter,
                 u32 tick, const Draw& first);

struct FormationInput {
    double basal;        // S beta [1]
    double gain;         // G [1]; 0 cuts the protein pool off
    bool needs_deficit;  // false switches D to 1, for the test of the healthy null
    double dt;           // [d]
    SpineSizeParams size;
    std::span<const float> attempts;        // f0_i [1/d]
    std::span<const float> capacity;        // C_i
    std::span<const float> healthy;         // h_i
    std::span<const float> pool_lagged;     // L_i
    std::span<const float> axonal_vacancy;  // V_j
    u64 seed;
    u32 tick;                    // structural step
    u32 birth;                   // stored with the new synapse
    double newborn_share = 0.0;  // of the new ones; 0 marks none
    LostPlaces places = {};      // that new ones may return to
    // What becomes of them within the step, from rates over it.
    NewbornStep newborn = {};
    double hazard_at_birth = 0.0;             // over the step, of those born mature [1]
    double homeostasis = 0.0;                 // c [1]
    std::span<const float> equilibrium = {};  // n*_i; empty: c counts for nothing
    std::span<const float> pool = {};         // protein pool of each row; empty where nothing is newborn
    // n_i; empty: those that live now. Before this step's losses they are what a row has in the mean over a
    // step in which as many form as are lost.
    std::span<const u32> count = {};
    const SourceNumbers* numbers = nullptr;  // of sources in rows; null: each neuron's own
    float most_vacant = 1.0F;  // no axonal vacancy is greater: what it refuses, each of them would
};

// [1 - count/capacity]+ of each neuron: what an axon or dendrite still offers.
void publish_vacancy(std::span<const u32> count, std::span<const float> capacity, std::span<float> vacancy);

// The largest of these.
float most_vacant(std::span<const float> vacancy);

// Number of events of a Poisson law with this mean for one uniform draw.
u32 poisson_count(double mean, u32 bits);

// A row that tries in this step, and how often.
struct Attempts {
    u32 row, count;
};

// Adds the rows of [first, last) that try to the list of their block of kBlock rows, in order. Returns the
// most attempts of one of them: places that each row must have free.
u32 draw_attempts(const FormationInput& in, size_t first, size_t last, std::span<const u32> live,
                  std::span<std::vector<Attempts>> attempts);

// Forms synapses on the rows [first, last), which share one partner kernel, from these attempts. formed[b]
// counts those of block b of kBlock rows, and passed[b] those that formed and died within the step.
void form_spines(const FormationInput& in, const PartnerKernel& kernel, size_t first, size_t last,
                 std::span<const std::vector<Attempts>> attempts, const SynapseRows& rows,
                 std::span<u32> out_degree, std::span<u32> formed, std::span<u32> passed,
                 std::span<std::vector<SynapseEvent>> events);

}  // namespace respine
