// The network: neurons in groups, plastic and fixed synapses, partner kernels, glutamate voxels.
//
// Neurons are numbered group by group, excitatory groups first, inside a group along a Hilbert curve, so
// sources of near neurons are near in memory and the excitatory neurons are exactly [0, excitatory). Of a
// network that several processes share, each holds the rows of its own neurons; the others are there, and
// empty.
#pragma once

#include <string>
#include <vector>

#include "kernels/activity/glutamate.hpp"
#include "kernels/activity/synapse_rows.hpp"
#include "kernels/plasticity/formation.hpp"
#include "sim/model/choices.hpp"
#include "sim/model/model.hpp"
#include "sim/ranks/partition.hpp"

namespace respine {

struct Group {
    std::string name, population;
    CellType type;
    u32 first = 0, last = 0;
    double gain = 0.0, time_constant = 0.0;
    double baseline_rate = 0.0;  // [Hz]
    double indegree = 0.0;       // mean healthy plastic in-degree (E groups)
    u32 size() const { return last - first; }
};

// Owns the arrays behind a PartnerKernel.
struct PartnerTables {
    u32 nx = 1, ny = 1;
    bool periodic = true;
    double uniform_share = 0.0;
    std::vector<u32> rank, cell_begin, most_in_cell, cell;
    std::vector<float> keep;
    std::vector<u32> alias;
    std::vector<int> dx, dy;
    std::vector<std::vector<float>> group_share;  // by excitatory target group
    PartnerKernel kernel(size_t target_group) const;
    u32 cells() const { return nx * ny; }
};

struct VoxelTables {
    u32 nx = 1, ny = 1, nz = 1;
    double edge = 0.0;                      // [um]
    std::vector<u32> begin, member, voxel;  // voxel: of each neuron
    VoxelGrid grid() const { return {nx, ny, nz, begin, member}; }
    size_t size() const { return begin.size() - 1; }
};

struct Network {
    NetworkKind kind = NetworkKind::kSheet;
    std::vector<Group> groups;
    size_t neurons = 0, excitatory = 0, excitatory_groups = 0;
    Partition partition;           // of the neurons between ranks
    std::vector<float> x, y, z;    // [um]
    std::vector<std::string> ids;  // as in the user's file; empty otherwise

    std::vector<u64> row_begin;         // plastic rows, excitatory neurons only
    std::vector<u32> live, out_degree;  // out_degree: synapses in the own rows that come from each neuron
    SourceIds source;
    std::vector<u16> log_size, birth;

    std::vector<u64> fixed_begin;  // fixed rows, all neurons
    std::vector<u32> fixed_inhibitory;
    SourceIds fixed_source;
    std::vector<u16> fixed_log_size;  // of a user's network with weights, kReadAhead longer; empty otherwise

    std::vector<double> weight;  // [target group][source group], per synapse of mean healthy size [1/Hz]
    // [target group][source group], over all synapses of a healthy neuron [1/Hz].
    std::vector<double> summed_weight;
    std::vector<float> baseline_rate;      // healthy, drug-free [Hz]
    std::vector<float> external;           // [1]
    double inhibitory_matching = 0.0;      // m of match_inhibition
    std::vector<float> healthy_recurrent;  // H of each excitatory neuron [1]; empty without matching
    std::vector<float> slow_share;         // GluN2C + GluN2D share of each neuron's receptor mix

    // h, n*, f0 [1/d], C of each excitatory neuron.
    std::vector<float> healthy, equilibrium, attempts, capacity;

    PartnerTables partners;
    VoxelTables voxels;

    double pair_weight(size_t target, size_t from) const { return weight[target * groups.size() + from]; }
    SynapseRows rows() { return {row_begin, live, source.span(), log_size, birth}; }
    FixedRows fixed_rows() const { return {fixed_begin, fixed_inhibitory, fixed_source, fixed_log_size}; }
    u64 live_synapses() const;  // in the own rows
    size_t bytes() const;
};

// Places for a row of this many live synapses: a tenth and `spare` more, in whole strides.
inline u64 row_places(u32 live, u32 spare) { return round_up_to_stride(live + live / 10 + spare); }

// excitatory + 1: where each plastic row begins when the own rows hold what they have alive, and others
// nothing.
std::vector<u64> row_borders(const Network& network, u32 spare);

// Gives every own plastic row at least `spare` free places, keeping live synapses and their order; widens all
// rows when one is short.
void repack_rows(Network& network, u32 spare);

}  // namespace respine
