// The nodes of a SONATA circuit: ids, and attributes by name from node groups and node types.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

// Throws Error(kInput) unless it is a list of whole numbers. Negative ones stay negative; those above 2^63
// become 2^63 - 1, which is no id.
std::vector<i64> read_integers(const H5File& file, const std::string& dataset);

// Attributes of node types (or edge types), by type id. The column `population`, where there is one, tells
// types of equal id apart.
class SonataTypes {
public:
    explicit SonataTypes(const std::string& path);  // "": no table
    // "" when the table has no such type or column, or says NULL.
    std::string value(const std::string& population, i64 type, const std::string& column) const;
    bool has(const std::string& column) const { return column_.contains(column); }

private:
    std::unordered_map<std::string, size_t> column_;
    std::unordered_map<std::string, std::vector<std::string>> row_;  // by population/id
};

class SonataNodes {
public:
    SonataNodes(const H5File& file, const std::string& population, const SonataTypes& types);

    const std::string& population() const { return population_; }
    size_t size() const { return type_id_.size(); }
    const std::vector<i64>& ids() const { return id_; }
    i64 type_id(size_t node) const { return type_id_[node]; }
    // Of every node, "" where it has none. Numbers are written out.
    std::vector<std::string> attribute(const std::string& name) const;

private:
    void read_groups();
    std::vector<std::string> group_values(const std::string& group, const std::string& name) const;

    const H5File& file_;
    const SonataTypes& types_;
    std::string population_, path_;
    std::vector<i64> id_, type_id_, group_id_, group_index_;
};

}  // namespace respine
