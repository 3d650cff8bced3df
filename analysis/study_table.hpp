// The table of a study: one row a point, in the order of the design, whatever ran where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/journal.hpp"
#include "analysis/study_spec.hpp"

namespace respine {

struct StudyTable {
    const StudySpec& spec;
    const StudyRows& rows;
    const std::vector<StudyPoint>& points;
    std::vector<std::string> ids;                        // by point
    std::vector<std::optional<PointRecord>> records;     // by point; none: not run yet
    std::vector<std::string> units;                      // by outcome
    size_t strangers = 0;                                // records in the journals of no point: other inputs, outcomes or program

    size_t missing() const;
    size_t failed() const;

    // Outcome of a point with `against` applied; NaN when it or what it is held against has none.
    double value(u32 point, size_t outcome) const;

    // Of every row of the design in one arm: what its replicates and subjects have, those without a value left out.
    std::vector<std::vector<double>> by_row(u32 arm, size_t outcome) const;
};

// Takes the records whose id is in the design. Throws Error(kInput) when two journals disagree about a point.
void take_records(StudyTable& table, const std::vector<std::string>& journals);

// results.csv, results.h5, problem.json (SALib) and analysis.json in `folder`. The bits depend on the records alone.
void write_results(const StudyTable& table, const std::string& folder);

std::string analysis_json(const StudyTable& table);

}  // namespace respine
