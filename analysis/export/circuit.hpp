// A run's network at the time of one snapshot: what `respine export` writes in the formats of others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/scenario.hpp"
#include "sim/network/network.hpp"

namespace respine {

inline constexpr double kSameTime = 0.5 / kHour;  // [h]; times are whole seconds

struct Column {  // NaN where there is no value
    std::string name, unit, long_name;
    std::vector<float> values;
};

struct Circuit {
    std::string run;     // file it comes from
    double hours = 0.0;  // of the snapshot
    std::vector<Group> groups;
    std::vector<u8> group;        // of each neuron
    std::vector<std::string> id;  // of each neuron: of the user's network, else its number in the run
    std::vector<Column> neurons;  // x, y, z, and every field of the snapshot
    std::vector<u64> begin;  // neurons + 1: where the synapses onto each begin; the plastic ones stand first
    // Source: of each synapse; plastic: of each neuron, how many of its synapses are plastic.
    std::vector<u32> source, plastic;
    std::vector<Column> synapses;  // as kSynapseColumns says

    size_t size() const { return id.size(); }
    CellType type(u32 neuron) const { return groups[group[neuron]].type; }
    bool is_plastic(u32 target, u64 synapse) const { return synapse - begin[target] < plastic[target]; }
};

// What is known of a synapse, declared once for all formats. `sonata` is the name reserved there.
struct SynapseColumn {
    const char *name, *sonata, *unit, *long_name;
    bool fixed_too;  // synapses whose structure is fixed have it as well
};
inline constexpr SynapseColumn kSynapseColumns[] = {
    {"weight", "syn_weight", "1/Hz", "strength; negative when inhibitory", true},
    {"size", "size", "1", "size relative to the attractor", false},
    {"birth", "birth", "d", "time of formation; before the start for those that were there", false},
};

struct CircuitChoice {
    std::optional<double> hours;  // of the snapshot; the last one when not given
    // Only what the run file holds; else the fixed synapses and weights too, built anew from the run's
    // scenario.
    bool plastic_only = false;
};

// Throws Error(kInput) when the file holds no such network, Error(kUsage) when it has no snapshot at that
// time.
Circuit read_circuit(const H5File& run, const CircuitChoice& choice);

std::vector<double> snapshot_hours(const H5File& run);

// Of a field of the snapshots, for all neurons of the circuit.
std::vector<float> snapshot_row(const H5File& run, const std::string& field, size_t snapshot, size_t neurons);

// Fields that the snapshots of this file hold for each neuron.
std::vector<std::string> snapshot_fields(const H5File& run);

}  // namespace respine
