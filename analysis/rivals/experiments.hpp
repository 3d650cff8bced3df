// Which experiment tells two rivals apart best: every read-out of every scenario, as the rivals predict it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/read/reading.hpp"
#include "analysis/rivals/readouts.hpp"

namespace respine {

// A scenario and what it is held against: the same animals without drug.
struct Trial {
    std::string scenario, vehicle, species, title;
};

// Where the run of a rival lies.
using RunOf = std::function<std::string(size_t rival, const std::string& scenario, int seed)>;

// One read-out at one time in one scenario, as every rival predicts it.
struct Prediction {
    const Trial* arm;
    const Readout* readout;
    std::string time, unit;
    std::vector<double>
        effect;                 // by rival: mean over seeds of the difference to the vehicle; NaN without one
    std::vector<double> noise;  // by rival: its SD over seeds
    std::vector<double> sd;     // by rival: SD between animals
};

// `read` is told how many of the trials are done.
std::vector<Prediction> predictions(const std::vector<Trial>& arms, const std::vector<Readout>& readouts,
                                    size_t rivals, int seeds, const RunOf& run_of,
                                    const std::function<void(size_t)>& read);

// Difference between two rivals in SD of a single animal, those between seeds included; NaN where one has
// none.
double separation(const Prediction& p, size_t a, size_t b);

// Animals in each of two groups, drug and vehicle, so that neither rival is thrown out when it is right in
// more than 5 of 100 experiments:   n = 2 ((z_0.95 + z_0.95) / d)^2
double animals(double separation);

}  // namespace respine
