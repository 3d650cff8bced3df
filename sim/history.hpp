// The history row: what is read off a simulation every few minutes, in the order of the chain.
#pragma once

#include <string>
#include <vector>

#include "sim/quantity.hpp"
#include "sim/simulation.hpp"

namespace respine {

// Formed and lost synapses since the last history row, so that rates are means over the interval and no step
// is missed.
struct Turnover {
    double formed = 0.0, lost = 0.0, synapse_days = 0.0;
    double formation_rate = 0.0, elimination_rate = 0.0;  // of the last closed interval [1/d]
    u64 structural_seen = 0;                              // steps
    bool follow(const Simulation& simulation);  // after each step; says whether it was a structural one
    void close();
    void add_checkpoint_rows(CheckpointRows& memory, const std::string& prefix);
};

// What a simulation has of its own: drugs in the body, cell types, groups whose rates stand apart, regions
// where there are several, and plastic synapses beside the recurrent ones.
struct Cast {
    struct Substance {
        std::string name, title;
        size_t place = 0;  // among the drugs of the pharmacology
    };
    std::vector<Substance> drugs;
    std::vector<CellType> types;
    std::vector<std::string> groups, regions, plastic;
    std::vector<Mechanism> brought;
    bool answers = false;  // whether a policy gives doses
};
Cast cast_of(const Simulation& simulation);

// The rows of the history, by stage. Those of drugs, cell types and groups come from the cast.
std::vector<Quantity> history_quantities(const Cast& cast);
inline std::vector<Quantity> history_of(const Simulation& sim) { return history_quantities(cast_of(sim)); }

// The values over neurons or voxels of a distributed quantity where ranks have them, as a list in a network
// that is not shared, and the one value of any: the mean of these.
Spread spread_of(const Quantity& quantity, const Simulation& simulation);
std::vector<float> values_of(const Quantity& quantity, const Simulation& simulation);
double value_of(const Quantity& quantity, const Simulation& simulation, const Turnover& turnover);

}  // namespace respine
