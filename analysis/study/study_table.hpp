// The table of a study: one row a point, in the order of the design, whatever ran where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/study/journal.hpp"
#include "analysis/study/study_spec.hpp"

namespace respine {

inline constexpr const char* kStudyFormat = "respine-study";  // results.h5
inline constexpr int kStudyVersion = 1;
inline constexpr const char* kAnalysisFormat = "respine-study-analysis";  // analysis.json
inline constexpr int kAnalysisVersion = 1;

struct StudyTable {
    const StudySpec& spec;
    const StudyRows& rows;
    const std::vector<StudyPoint>& points;
    std::vector<std::string> ids;                     // by point
    std::vector<std::optional<PointRecord>> records;  // by point; none: not run yet, or without some outcome
    std::vector<std::string> units;                   // by outcome
    size_t strangers = 0;  // ids in the journals of no point: other inputs or program

    size_t missing() const;
    size_t failed() const;

    // Outcome of a point with `against` applied; NaN when it or what it is held against has none.
    double value(u32 point, size_t outcome) const;

    // The code that a program ends with whose points are these: of the first failure, or 0.
    int exit_code() const;

    // Of every row of the design in one arm: what its replicates and subjects have, those without a value
    // left out.
    std::vector<std::vector<double>> by_row(u32 arm, size_t outcome) const;
    // All persons of an arm, whatever the row of the design.
    std::vector<double> persons(u32 arm, size_t outcome) const;
    // The same persons in two arms, with NaN where one has no value.
    std::pair<std::vector<double>, std::vector<double>> pairs(u32 one, u32 other, size_t outcome) const;
};

// A value of a factor as written, as a number in the factor's unit; NaN for words.
double number_of(const Factor& factor, const std::string& text);

// Takes the records whose id is in the design.
void take_records(StudyTable& table, const TriesById& known);

// Parameters that changed no outcome, not in the last bit, between points that differ in nothing else.
std::vector<std::string> inert_parameters(const StudyTable& table);

// results.csv, results.h5, problem.json (SALib) and analysis.json in `folder`. The bits depend on the records
// alone.
// Returns what it writes as analysis.json.
std::string write_results(const StudyTable& table, const std::string& folder);

// One line for each outcome of an arm whose indices more blocks would tell better.
std::vector<std::string> advice_of(const std::string& analysis);

std::string analysis_json(const StudyTable& table);

}  // namespace respine
