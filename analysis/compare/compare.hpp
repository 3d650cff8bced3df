// Compares treatments: one number a measure, arm and stage of the chain; replicates are runs that differ in
// the seed alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/read/run_arms.hpp"

namespace respine {

// A run as it is read: since its own doses or, when it gets no drug, since those of the run that it is
// compared with.
struct Look {
    const RunFile& run;
    const std::vector<double>& doses;    // [h]
    const RunFile* reference = nullptr;  // of the same seed; null without a reference

    double since_first(double hours) const {
        return hours - (doses.empty() ? run.first_dose() : doses.front());
    }
    double after_first(double hours) const {
        return hours + (doses.empty() ? run.first_dose() : doses.front());
    }
};

// The first run that gets a drug, null when none does.
const RunFile* dose_lender(const std::vector<RunFile>& runs);

// The doses since which a run is read: its own, or, when it gets no drug, those of `lender`.
const std::vector<double>& doses_for(const RunFile& run, const RunFile* lender);

struct Measure {
    std::string stage, name, unit;
    size_t dose = 0;  // of the doses of the run, the one that its window begins with
    std::function<double(const Look&)> value;
};

// The measures that these runs can give.
std::vector<Measure> measures_of(const std::vector<RunFile>& runs);

struct Cell {
    double mean = 0.0, sd = 0.0;
    int n = 0;                     // replicates with a finite value
    double difference = 0.0;       // mean difference from the reference, over pairs of one seed
    double low = 0.0, high = 0.0;  // its 95 % interval by Student's t; NaN with fewer than two pairs
    double t = 0.0;                // difference over its standard error; NaN with fewer than two pairs
    int df = 0;                    // degrees of freedom of t: pairs less one
    double effect = 0.0;  // difference over the reference's SD between seeds; NaN with fewer than two
};

struct Comparison {
    std::vector<std::string> arms;  // labels, reference first when there is one
    std::string reference;          // "" when there is none
    size_t doses = 0;               // most doses of a run
    double row_spacing = 0.0;  // widest gap between history rows in the first hours after a first dose [h]
    std::vector<Measure> measures;
    std::vector<std::vector<Cell>> cells;  // [measure][arm]
};

// Density against the reference through the virtual microscope: 100 (treated_t/treated_first -
// reference_t/reference_first), in points.
double imaging_density_difference(const RunFile& run, size_t session, const RunFile& reference,
                                  size_t reference_session);

// `reference`: the file, name or label of an arm, "" for none. Throws Error(kUsage) as group_arms and
// find_arm.
Comparison compare_runs(const std::vector<RunFile>& runs, const std::vector<RunArm>& arms,
                        const std::string& reference);

std::string as_text(const Comparison& c, bool markdown);
std::string as_csv(const Comparison& c);
std::string as_json(const Comparison& c);

}  // namespace respine
