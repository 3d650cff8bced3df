// Compares treatments: one number a measure, run and stage of the chain; replicates are runs of one name with other seeds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/run_file.hpp"

namespace respine {

struct Measure {
    std::string stage, name, unit;
    // The value in `run`; `reference` is the reference run of the same seed (or the first one), null without a reference.
    std::function<double(const RunFile& run, const RunFile* reference)> value;
};

struct Cell {
    double mean = 0.0, sd = 0.0;
    int n = 0;               // replicates with a finite value
    double difference = 0.0; // mean difference from the reference, paired by seed where possible
    double z = 0.0;          // difference over its standard error; NaN with fewer than two pairs
    double effect = 0.0;     // difference over the reference's SD between seeds; NaN with fewer than two
};

struct Comparison {
    std::vector<std::string> arms;   // names, reference first when there is one
    std::string reference;           // "" when there is none
    std::vector<Measure> measures;
    std::vector<std::vector<Cell>> cells;  // [measure][arm]
};

// Density against the reference through the virtual microscope: 100 (treated_t/treated_first - reference_t/reference_first), in points.
double imaging_density_difference(const RunFile& run, const RunFile& reference, size_t session);

Comparison compare_runs(const std::vector<RunFile>& runs, const std::string& reference_name);

std::string as_text(const Comparison& c, bool markdown);
std::string as_csv(const Comparison& c);
std::string as_json(const Comparison& c);

}  // namespace respine
