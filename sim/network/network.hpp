// The network: groups of neurons, the projections between them, plastic and fixed synapses, and the regions
// with their partner tables and glutamate voxels.
//
// Neurons are numbered group by group, excitatory groups first, inside a group along a Hilbert curve, so
// sources of near neurons are near in memory and the excitatory neurons are exactly [0, excitatory). Of a
// network that several processes share, each holds the rows and values of its own neurons; the others are
// there, and empty, and take no memory.
#pragma once

#include <string>
#include <vector>

#include "kernels/activity/glutamate.hpp"
#include "kernels/activity/synapse_rows.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/numerics/source_numbers.hpp"
#include "kernels/plasticity/formation.hpp"
#include "sim/model/choices.hpp"
#include "sim/model/model.hpp"
#include "sim/network/equilibrium.hpp"
#include "sim/network/voxel_rows.hpp"
#include "sim/ranks/halo.hpp"
#include "sim/ranks/partition.hpp"

namespace respine {

// The neurons of one cell type in a population.
struct Group {
    std::string name, population;
    CellType type;
    u32 first = 0, last = 0;
    double gain = 0.0, time_constant = 0.0;
    double baseline_rate = 0.0;  // [Hz]
    u32 region = 0;
    Trait trait = Trait::kExcitatory;
    ReceptorParams receptors{};
    u32 size() const { return last - first; }
};

// Owns the arrays behind a PartnerKernel.
struct PartnerTables {
    u32 nx = 1, ny = 1;
    bool periodic = true;
    double uniform_share = 0.0;
    std::vector<u32> rank, cell_begin, most_in_cell;
    NeuronArray<u32> cell;
    std::vector<float> keep;
    std::vector<u32> alias;
    std::vector<int> dx, dy;
    // `group_share`: cumulative share of each source group; `reach`: where in the groups partners are.
    PartnerKernel kernel(std::span<const float> group_share, Reach reach = Reach::kNear) const;
    u32 cells() const { return nx * ny; }
};

struct VoxelTables {
    u32 nx = 1, ny = 1, nz = 1;
    double edge = 0.0;  // [um]
    // Members of a voxel are listed by the rank that averages over them.
    std::vector<u32> begin, member;
    NeuronArray<u32> voxel;    // of each own neuron
    std::vector<u8> averages;  // whether this rank does, by voxel
    VoxelGrid grid() const { return {nx, ny, nz, begin, member}; }
    size_t size() const { return begin.size() - 1; }
};

// A piece of tissue of its own: its neurons' partner tables and its glutamate.
struct Region {
    std::string name;
    PartnerTables partners;
    VoxelTables voxels;
    u32 first_voxel = 0;  // among those of all regions
    VoxelRows rows;       // of voxels, between ranks
    template <class T>
    std::span<T> of(std::span<T> by_voxel) const {
        return by_voxel.subspan(first_voxel, voxels.size());
    }
};

inline constexpr u32 kFixedRows = 0xffffffffU;

// How one group drives another. Every pair of groups has one.
struct Projection {
    double indegree = 0.0;       // mean of a healthy neuron
    double weight = 0.0;         // of one synapse of mean healthy size [1/Hz]
    double summed_weight = 0.0;  // over all synapses of a healthy neuron [1/Hz]
    u32 rows = kFixedRows;       // or which of the plastic synapses it has
    Reach reach = Reach::kNear;
};

// A count summed over all neurons, and over those of each group.
struct CountSums {
    double all = 0.0;
    std::vector<double> of_group;
};

// Synapses that turn over under one rule, in rows by target neuron. Rows and values have the numbers of the
// neurons; neurons that are no targets, or no sources, have empty rows and zeros.
struct PlasticSynapses {
    std::string name;
    PlasticRule rule;
    u64 seed = 0;                      // of its random numbers
    Trait trait = Trait::kExcitatory;  // of its sources
    std::vector<u32> targets;          // groups, ascending
    u32 last_source = 0;               // first neuron that is behind all sources
    u32 every = 1;                     // structural steps between two of their turnovers

    NeuronArray<u64> row_begin;
    NeuronArray<u32> live;
    NeuronArray<u32>
        out_degree;    // synapses in the own rows that come from each source, by its number in rows
    SourceIds source;  // numbers in rows
    std::vector<u16> log_size, birth;

    NeuronArray<float> healthy, equilibrium, attempts, capacity;  // of each target: h, n*, f0 [1/d], C
    NeuronArray<float> axonal_capacity;  // of each source; that of its own row if empty
    NeuronArray<float> axonal_vacancy;   // of each source, as published at the last structural step [1]
    CountSums sum_healthy, sum_equilibrium;
    std::vector<std::vector<float>> group_share;  // by target group: cumulative share of each source group

    // What was lost, in rows of the form of lost_places.hpp: one of these, or none where nothing is
    // remembered.
    std::vector<PlasticSynapses> lost;
    u32 most_lost = 0;               // places of a row that are remembered
    std::vector<float> lost_weight;  // of a place, by its age

    SynapseRows rows() { return {row_begin, live, source.span(), log_size, birth}; }
    LostPlaces lost_places();
    bool targets_group(size_t group) const;
    const NeuronArray<float>& axons() const { return axonal_capacity.empty() ? capacity : axonal_capacity; }
    u64 live_synapses() const;  // in the own rows
    size_t bytes() const;
};

struct Network {
    NetworkKind kind = NetworkKind::kSheet;
    std::vector<Group> groups;
    std::vector<Region> regions;
    std::vector<Projection> projections;   // [target group][source group]
    std::vector<PlasticSynapses> plastic;  // the recurrent ones of excitatory neurons first
    size_t neurons = 0, excitatory = 0, excitatory_groups = 0, voxels = 0;
    Partition partition;           // of the neurons between ranks
    Halo halo;                     // neurons of other ranks that own synapses can come from
    std::vector<Slice> known;      // these and own ones
    SourceNumbers numbers;         // of these, in rows
    NeuronArray<float> x, y, z;    // [um]
    std::vector<std::string> ids;  // as in the user's file; empty otherwise

    NeuronArray<u64> fixed_begin;  // fixed rows, all neurons
    NeuronArray<u32> fixed_inhibitory;
    SourceIds fixed_source;           // numbers in rows
    std::vector<u16> fixed_log_size;  // of a user's network with weights, kReadAhead longer; empty otherwise

    NeuronArray<float> baseline_rate;      // healthy, drug-free [Hz]
    NeuronArray<float> external;           // [1]
    double inhibitory_matching = 0.0;      // m of match_inhibition
    NeuronArray<float> healthy_recurrent;  // H of each excitatory neuron [1]; empty without matching
    NeuronArray<float> slow_share;         // GluN2C + GluN2D share of each neuron's receptor mix

    Projection& projection(size_t target, size_t from) { return projections[target * groups.size() + from]; }
    const Projection& projection(size_t target, size_t from) const {
        return projections[target * groups.size() + from];
    }
    PlasticSynapses& recurrent() { return plastic.front(); }
    const PlasticSynapses& recurrent() const { return plastic.front(); }
    // Whether their targets are excitatory neurons, which alone have a protein pool; and whether these are
    // spines, the excitatory synapses on them.
    bool on_excitatory(const PlasticSynapses& p) const { return row_count(p) <= excitatory; }
    bool on_spines(const PlasticSynapses& p) const {
        return p.trait == Trait::kExcitatory && on_excitatory(p);
    }
    // Whether they are inhibitory synapses that follow the excitation of their pyramidal cells in number.
    bool matches_counts(const PlasticSynapses& p) const {
        return p.trait == Trait::kInhibitory && on_excitatory(p) && p.rule.formation.matching > 0.0;
    }
    size_t group_of(u32 neuron) const;
    size_t groups_below(u32 last) const { return last == 0 ? 0 : group_of(last - 1) + 1; }
    std::vector<Slice> known_by_group() const;       // `known`, cut where groups end
    std::vector<Slice> known_below(u32 last) const;  // and those below `last` alone
    // Rows of these synapses: the recurrent ones have one for every excitatory neuron, targets or not.
    u32 row_count(const PlasticSynapses& p) const {
        return &p == &recurrent() ? static_cast<u32>(excitatory) : groups[p.targets.back()].last;
    }
    double healthy_spines() const;  // h summed over all neurons, or those of a region
    double healthy_spines(u32 region) const;
    double resting_spines() const;  // n*, the same
    double resting_spines(u32 region) const;
    void sum_counts(const NeuronShare& share);  // which these are made of, once the counts are known

    // Partners of a group's neurons: among all sources of these synapses, or in the one source group.
    PartnerKernel partners_of(const PlasticSynapses& p, size_t target) const;
    PartnerKernel partners_of(size_t target, size_t from) const;

    FixedRows fixed_rows() const { return {fixed_begin, fixed_inhibitory, fixed_source, fixed_log_size}; }
    size_t bytes() const;
};

// Places for a row of this many live synapses: a tenth and `spare` more, in whole strides.
inline u64 row_places(u32 live, u32 spare) { return round_up_to_stride(live + live / 10 + spare); }

// Where each own row begins and ends (rows + 1) when it holds what it has alive, and how many places the own
// rows have.
struct RowBorders {
    NeuronArray<u64> begin;
    u64 places = 0;
};
RowBorders row_borders(const PlasticSynapses& plastic, const Partition& partition, u32 spare);

// Gives every own row at least `spare` free places, keeping live synapses and their order; widens all rows
// when one is short.
void repack_rows(PlasticSynapses& plastic, const Partition& partition, u32 spare);

}  // namespace respine
