// What an experiment can read, and how far animals differ in it: configs/reference/readouts.csv.
#pragma once

#include <string>
#include <vector>

namespace respine {

struct Readout {
    std::string name, quantity;      // "microdialysis", "glutamate"
    std::vector<std::string> times;  // since the first dose
    double spread = 0.0;    // SD between animals: of the value without drug where `relative`, else in
    bool relative = false;  // the unit of the quantity
    std::vector<std::string> species;
    std::string mark, source;

    bool is_for(const std::string& of) const;
    double sd(double without_drug) const;
};

// Throws Error(kInput) with every problem, by file and line.
std::vector<Readout> read_readouts(const std::string& path);

}  // namespace respine
