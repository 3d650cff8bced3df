// Networks that come as a graph: Boost.Graph generators and users' files. Edges in rows by target, sources in
// row order.
#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.hpp"
#include "sim/network/network.hpp"

namespace respine {

struct EdgeRows {
    std::vector<u64> begin;  // targets + 1
    std::vector<u32> source;
    std::vector<float> weight;  // of each edge, as the file has them; empty without
    size_t targets() const { return begin.size() - 1; }
};

// Rows from (source, target) pairs in any order; the sources of a row keep the order of the pairs. `weight`
// has one for each pair, or none.
EdgeRows rows_of_edges(size_t neurons, const std::vector<std::pair<u32, u32>>& edges,
                       const std::vector<float>& weight = {});

// Puts the sources of each row in an order of chance, which the seed decides: a row that is cut short then
// loses any of them alike.
void shuffle_rows(EdgeRows& rows, u64 seed);

// Graphs that are drawn, edge after edge, of which a rank keeps those onto its own neurons: it goes through
// all, but never holds them.
//
// Ring lattice with `degree` neighbours, each edge rewired with this chance (both directions of each edge are
// synapses).
EdgeRows small_world_edges(u32 neurons, u32 degree, double rewiring, u64 seed, Slice own);

// Directed Erdos-Renyi graph with this mean in-degree.
EdgeRows random_edges(u32 neurons, double degree, u64 seed, Slice own);

inline constexpr size_t kMostEdges = 4'000'000'000;  // of a user's network

struct SourceFile {
    std::string path, sha256;
};

// A user's network as read: neurons in the order of their own ids and edges in order, whatever the order of
// the lines.
struct GraphFile {
    std::vector<std::string> ids;
    std::vector<CellType> types;
    std::vector<float> x, y, z;              // empty when the file has no positions
    std::vector<std::pair<u32, u32>> edges;  // source, target
    std::vector<float> weights;              // of the edges, 0 or more; empty when the file has none
    std::vector<std::string> notes;  // what of the file does not count, or counts in a way that may surprise
    std::vector<SourceFile> files;   // all that it was read from
};

}  // namespace respine
