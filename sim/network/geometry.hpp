// Where neurons sit, each rank its own: cells of a grid along a Hilbert curve, the distance kernel over
// cells, and the voxels of glutamate.
#pragma once

#include "sim/model/network_spec.hpp"
#include "sim/network/network.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

// Rank of each cell x + nx y along a Hilbert curve.
std::vector<u32> hilbert_ranks(u32 nx, u32 ny);

// Alias table (Vose 1991) for these weights: keep[e] and alias[e].
void build_alias(const std::vector<double>& weight, std::vector<float>& keep, std::vector<u32>& alias);

// Rank of the cell of a neuron of a group that is spread evenly over the cells along the curve.
inline u32 even_rank(const Group& g, u32 neuron, u32 cells) {
    return static_cast<u32>(static_cast<u64>(neuron - g.first) * cells / g.size());
}

// Calls place(neuron, group) for the own neurons of a region.
template <class Place>
void for_own(const Network& net, u32 region, const Place& place) {
    for (size_t g = 0; g < net.groups.size(); ++g)
        if (const Slice own = net.partition.own(g); net.groups[g].region == region)
            for (u32 i = own.first; i < own.last; ++i) place(i, net.groups[g]);
}

// Neurons of a region, all or the excitatory ones.
u32 neurons_of(const Network& network, u32 region, bool excitatory_only = false);

// Side of the square that these neurons fill at the density of the network [um].
double side_of(const NetworkSpec& spec, u32 neurons);

// A square periodic sheet that begins at `left` [um]: the neurons of each group of the region spread evenly
// over the cells, jittered inside them; Gaussian kernel.
void place_sheet(const NetworkSpec& spec, u64 seed, u32 region, double left, Network& network);

// No distance: every partner of a group is equally likely. Positions (for pictures and glutamate) fill `side`
// x `side` x depth.
void place_well_mixed(const NetworkSpec& spec, double side, u64 seed, u32 region, double left,
                      Network& network);

// A ring: partners within `reach` places along it, a share `rewiring` anywhere. One region.
void place_ring(u32 reach, double rewiring, Network& network);

// Positions that a user brought: Gaussian kernel on a grid with open borders. Neurons must be in the order of
// `cell_of_positions`. One region.
struct PositionGrid {
    u32 nx = 1, ny = 1;
    double x0 = 0.0, y0 = 0.0, edge = 1.0;
};
PositionGrid grid_of_positions(const std::vector<float>& x, const std::vector<float>& y);
void place_given(const NetworkSpec& spec, const PositionGrid& grid, Network& network);

// Glutamate voxels of about the wanted edge over the bounding box of each region's neurons.
void build_voxels(double edge, Network& network, Ranks& ranks = alone());

}  // namespace respine
