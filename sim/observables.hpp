// The history row: every observable of a run, declared once with name, unit and how it is read.
#pragma once

#include <functional>
#include <string>
#include <vector>

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
    void remember(Memory& memory, const std::string& prefix);
};

struct Observable {
    std::string name, unit, long_name;
    std::function<double(const Simulation&, const Turnover&)> value;
    bool pharmacology = false;  // goes to /pk as well
};

// Observables that are a distribution over neurons: mean, sd and quantiles are recorded.
struct Distribution {
    std::string name, unit, long_name;
    std::function<std::vector<float>(const Simulation&)> values;
};

std::vector<Observable> observables_of(const Simulation& simulation);
std::vector<Distribution> distributions_of(const Simulation& simulation);

inline constexpr double kQuantiles[] = {0.05, 0.25, 0.5, 0.75, 0.95};
inline constexpr size_t kQuantileSample = 1000;  // neurons, evenly strided

struct Summary {
    double mean, sd;
    std::vector<float> quantiles;
};
Summary summarise(std::span<const float> values);

}  // namespace respine
