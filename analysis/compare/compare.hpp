// Compares treatments: one number a measure, arm and stage of the chain; replicates are runs that differ in
// the seed alone, or the members of an ensemble of parameter sets.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/read/reading.hpp"
#include "analysis/read/run_arms.hpp"

namespace respine {

struct CompareRow {
    std::string stage, name, unit;
    size_t dose = 0;  // of the doses of the run, the one that its window begins with
    Measure measure;
    bool whole = false;  // has a value only where the next dose comes after its window
    // Or only where this, a peak or least value, is not the level before the dose.
    std::optional<Measure> moved{};
};

double value_of(const CompareRow& row, const Sight& run, const Sight* reference);

// The first run that gets a drug, null when none does.
const RunFile* dose_lender(const std::vector<RunFile>& runs);

// What is read off these runs.
std::vector<CompareRow> rows_of(const std::vector<RunFile>& runs);

struct Cell {
    double mean = 0.0, sd = 0.0;
    int n = 0;                     // replicates with a finite value
    double difference = 0.0;       // mean difference from the reference, over pairs of one seed
    double low = 0.0, high = 0.0;  // its 95 % interval by Student's t; NaN with fewer than two pairs
    double t = 0.0;                // difference over its standard error; NaN with fewer than two pairs
    int df = 0;                    // degrees of freedom of t: pairs less one
    double effect = 0.0;  // difference over the reference's SD between seeds; NaN with fewer than two
    // Of the members of an ensemble: where 5, 25, 50, 75 and 95 % of them lie below, and of their
    // differences.
    std::array<double, 5> band{}, difference_band{};
};

struct Comparison {
    std::vector<std::string> arms;  // labels, reference first when there is one
    std::string reference;          // "" when there is none
    bool ensemble = false;          // whether an arm's runs are members of one
    size_t doses = 0;               // most doses of a run
    double row_spacing = 0.0;  // widest gap between history rows in the first hours after a first dose [h]
    std::vector<CompareRow> rows;
    std::vector<std::vector<Cell>> cells;  // [row][arm]
};

// `reference`: the file, name or label of an arm, "" for none. Throws Error(kUsage) as group_arms and
// find_arm.
Comparison compare_runs(const std::vector<RunFile>& runs, const std::vector<RunArm>& arms,
                        const std::string& reference);

std::string as_text(const Comparison& c, bool markdown);
std::string as_csv(const Comparison& c);
std::string as_json(const Comparison& c);

}  // namespace respine
