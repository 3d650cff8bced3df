// What configs/networks/*.yaml says: groups of neurons, their weights and in-degrees, geometry. Numbers only;
// no neuron exists yet.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/model/choices.hpp"
#include "sim/model/model.hpp"

namespace respine {

struct PopulationSpec {
    std::string name;
    double share = 0.0;                      // of all neurons (counted kinds: neurons / total)
    double neurons = 0.0;                    // full-scale count, microcircuit only
    std::array<double, kCellTypes> types{};  // share of each cell type; sums to 1
    double rate = 0.0;                       // baseline, or published, mean rate [Hz]
    double external_indegree = 0.0;          // microcircuit only
    double top = 0.0, bottom = 0.0;          // depth [um]
};

struct NetworkSpec {
    NetworkKind kind = NetworkKind::kSheet;
    std::string name, file, text;  // text: the file as read, kept in every run file
    std::vector<PopulationSpec> populations;
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
    // Whether its populations have numbers of neurons, not shares.
    bool counted() const { return kind == NetworkKind::kMicrocircuit; }
};

}  // namespace respine
