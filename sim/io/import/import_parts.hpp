// What the readers of users' networks share.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/io/import/cell_type_names.hpp"
#include "sim/model/error.hpp"
#include "sim/network/graph_source.hpp"

namespace respine {

// The type of a CSV or GraphML node; E when the file says none. Throws Error(kInput).
CellType type_of(const std::string& text, CellTypeNames& names, const std::string& where);

// [um]; finite and within 1e9. Throws Error(kInput).
float position_of(const std::string& text, const std::string& where);

// How strong an edge is, without a sign: whether it inhibits follows from the type of its source. Throws
// Error(kInput) for what is no finite number.
template <class Place>
float weight_of(double given, const Place& where) {
    const float size = static_cast<float>(std::fabs(given));
    if (!std::isfinite(size))
        fail(Exit::kInput, "{}: error: {} is not the weight of a synapse, which is a number", where(), given);
    return size;
}
float weight_of(const std::string& text, const std::string& where);

// The edges of a file. The model has no synapse of a neuron onto itself: these are counted, with the place of
// the first.
class EdgeList {
public:
    template <class Place>
    void add(u32 source, u32 target, const Place& place, std::optional<float> weight = {}) {
        if (source == target) {
            if (own_++ == 0) first_own_ = place();
            return;
        }
        edges_.emplace_back(source, target);
        if (weight) weights_.push_back(*weight);
        if (!weights_.empty() && weights_.size() != edges_.size())
            fail(Exit::kInput, "{}: error: some edges have a weight and this one, or those before, have none",
                 place());
    }
    size_t size() const { return edges_.size(); }
    void give(GraphFile& graph) &&;  // edges, and a note on those left out

private:
    std::vector<std::pair<u32, u32>> edges_;
    std::vector<float> weights_;  // of all edges or of none
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
