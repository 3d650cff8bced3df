// What the readers of users' networks share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/io/import/cell_type_names.hpp"
#include "sim/network/graph_source.hpp"

namespace respine {

// The type of a CSV or GraphML node; E when the file says none. Throws Error(kInput).
CellType type_of(const std::string& text, CellTypeNames& names, const std::string& where);

// [um]; finite and within 1e9. Throws Error(kInput).
float position_of(const std::string& text, const std::string& where);

// The edges of a file. The model has no synapse of a neuron onto itself: these are counted, with the place of
// the first.
class EdgeList {
public:
    template <class Place>
    void add(u32 source, u32 target, const Place& place) {
        if (source != target)
            edges_.emplace_back(source, target);
        else if (own_++ == 0)
            first_own_ = place();
    }
    size_t size() const { return edges_.size(); }
    void give(GraphFile& graph) &&;  // edges, and a note on those left out

private:
    std::vector<std::pair<u32, u32>> edges_;
    size_t own_ = 0;
    std::string first_own_;
};

// Neurons in the order of their ids ("n2" before "n10"), edges by source and target: whatever the order of
// the lines. Notes edges that stand twice.
void put_in_order(GraphFile& graph);

// "'a', 'b' do not count: ..." into the notes, once for each table or file; nothing for an empty list.
void note_unused(GraphFile& graph, const std::string& file, const std::string& what,
                 const std::vector<std::string>& names);

GraphFile import_csv(const NetworkChoice& network, CellTypeNames& names);
GraphFile import_graphml(const std::string& path, CellTypeNames& names);

}  // namespace respine
