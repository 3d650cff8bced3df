// What configs/networks/*.yaml says: populations, the projections between them, geometry. Numbers only; no
// neuron exists yet.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/model/choices.hpp"
#include "sim/model/model.hpp"

namespace respine {

struct PopulationSpec {
    std::string name, region;
    double share = 0.0;                         // of all neurons (counted kinds: neurons / total)
    double neurons = 0.0;                       // full-scale count, microcircuit only
    std::array<double, kCellTypes> types{};     // share of each cell type; sums to 1
    std::optional<Trait> trait;                 // that of its cell types when not given
    std::optional<double> gain, time_constant;  // k [Hz], tau [s]; those of its sign when not given
    std::optional<double> nmda_share;           // nu [1], and shares of NMDA receptor subunits; those of its
    std::optional<SubunitValues> mix;           // cell types when not given
    double rate = 0.0;                          // baseline, or published, mean rate [Hz]
    double external_indegree = 0.0;             // microcircuit only
    double top = 0.0, bottom = 0.0;             // depth [um]
    bool excitatory() const { return types[static_cast<size_t>(CellType::kE)] > 0.0; }
};

// What one projection has of its own, beside what `weights` and `indegrees` say of its pair of populations.
struct ProjectionSpec {
    std::string source_name, target_name;
    size_t source = 0, target = 0;           // their places among the populations
    std::optional<double> weight, indegree;  // in the units of the two matrices
    bool weighs_per_rate = true;             // whether its weight was given in 1/Hz, or without a unit
    std::optional<Reach> reach;              // near in one region, anywhere between regions, when not given
    std::optional<Structure> structure;      // plastic from E to E in one region, else fixed, when not given
    std::optional<u32> every;                // structural steps between its turnovers; 1 when not given
    std::vector<std::pair<std::string, double>> parameters;  // of its rule: path and value in its unit
};

struct NetworkSpec {
    NetworkKind kind = NetworkKind::kSheet;
    std::string name, file, text;  // text: the file as read, kept in every run file
    std::vector<PopulationSpec> populations;
    std::vector<ProjectionSpec> projections;
    std::vector<std::vector<double>>
        weight;  // [target][source]: summed weight W [1/Hz], or per synapse for the microcircuit
    std::vector<std::vector<double>>
        indegree;            // [target][source]: share of a neuron's synapses, or the connection probability
    double density = 0.0;    // [1/mm^3]
    double thickness = 0.0;  // [um]
    double kernel_width = 0.0;                          // SD of the Gaussian distance kernel [um]
    double rewiring = 0.0;                              // small_world
    double rate_spread = 0.0;                           // log-SD of baseline rates
    double gain_e = 0.0, gain_i = 0.0;                  // k [Hz]
    double tau_e = 0.0, tau_i = 0.0;                    // [s]
    double recurrent_weight = 1.0;                      // factor on `weight` [1/Hz]
    double external_weight = 0.0, external_rate = 0.0;  // microcircuit: drive = indegree x rate x weight
    double inhibitory_matching =
        0.0;                     // share of a lasting change of recurrent excitation that inhibition matches
    bool solve_external = true;  // external drive from the baseline rates
    std::map<std::string, Provenance> provenance;
    Structure structure_of(size_t target, size_t source) const;
    std::vector<std::string> regions() const;  // in the order in which the populations name them
    // Whether its populations have numbers of neurons, not shares.
    bool counted() const { return kind == NetworkKind::kMicrocircuit; }
};

// What the populations of a network cannot be together, with the place of the one that it is about.
struct Contradiction {
    size_t population;
    std::string text;
};
std::vector<Contradiction> contradictions_in(const NetworkSpec& spec);

}  // namespace respine
