// What the cell types of users' files mean to the model: E, PV, SST or VIP.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "sim/network/graph_source.hpp"

namespace respine {

// The names that a file uses, in the order of: what the scenario says of them (`network.types`), then the
// names of the model themselves. Names that say nothing are collected, so that a user sees all of them at
// once.
class CellTypeNames {
public:
    explicit CellTypeNames(const std::map<std::string, std::string>& given);

    // What the scenario or the model calls so.
    std::optional<CellType> find(const std::string& name);

    // Of an attribute `ei` (also synapse_class), and words within the name, as the Allen Institute's and the
    // Blue Brain Project's circuits have them: excitatory is E; of pv, sst, vip, exc and pyr exactly one
    // stands in the name. E of a name which says nothing goes to `unknown`.
    CellType of_sonata(const std::string& name, const std::string& ei);

    // Throws Error(kInput) for names that say nothing, and for names in `network.types` that the file does
    // not have.
    void finish(const std::string& file) const;

private:
    struct Unknown {
        size_t neurons = 0;
        std::string ei;
    };
    std::map<std::string, CellType> given_;
    std::set<std::string> seen_;
    std::map<std::string, Unknown> unknown_;
};

}  // namespace respine
