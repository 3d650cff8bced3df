// The table of published observations that the model is held against: configs/reference/targets.csv.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/read/measure.hpp"

namespace respine {

// What agreement with a row is worth, strongest first, and how a sentence names it.
struct Evidence {
    const char *word, *title;
};
inline constexpr Evidence kEvidence[] = {{"prediction", "predictions"},
                                         {"in_sample", "in sample"},
                                         {"fitted", "fitted"},
                                         {"construction", "by construction"}};

struct TargetRow {
    std::string id, scenario, reference, what, kind, unit, source, doi, mark;  // what: for readers
    std::string evidence;  // a word of kEvidence; empty for an input
    MeasureWords words{};
    Measure measure{};
    double value = 0.0, low = 0.0, high = 0.0;  // NaN where the row has none
    bool must = false;

    // Whether the rule of its kind holds the value of the run against that of the reference.
    bool compares() const { return kind == "up" || kind == "down" || kind == "flat"; }
};

// Reads the table; throws Error(kInput) with every problem, by file and line. The reference table has every
// column in its order; one of a user has those that it needs, in any order, and scenarios by name or by path
// beside it.
enum class TargetTable { kReference, kOwn };
std::vector<TargetRow> read_targets(const std::string& path, TargetTable table = TargetTable::kReference);

inline constexpr double kZeroBand = 3.0;  // [points] what a row of kind zero accepts on either side

// The change that counts for rows of kind up, down and flat: a tenth of the reference, or 0.1 when the
// reference is 0.
double least_change(double reference);

// Why a row is known to miss, by id: configs/reference/reasons.yaml. Throws Error(kUsage) for an id that
// `rows` lacks.
std::map<std::string, std::string> read_reasons(const std::string& path, const std::vector<TargetRow>& rows);

double mean_of(const std::vector<double>& values);         // NaN when empty
double standard_error(const std::vector<double>& values);  // of the mean; NaN for fewer than two values

enum class Verdict { kPass, kMiss, kUndecided, kInput };
const char* verdict_text(Verdict verdict);

struct TargetResult {
    TargetRow row;
    std::vector<double> by_seed;            // simulated value of each seed
    std::vector<double> reference_by_seed;  // of the reference, in up, down and flat rows
    double mean = 0.0, error = 0.0;         // standard error over seeds
    double reference_mean = 0.0;            // of up, down and flat rows
    Verdict verdict = Verdict::kUndecided;
    std::string note;
    std::string reason{};  // written reason of a known miss; empty for a row that passes
};

// The rule of the row's kind, applied to values by seed (and the reference's values for up, down and flat):
//   value      mean inside [low, high]; undecided when the error exceeds a third of the half-width
//   up, down   at least 10 % of the reference and two errors (reference 0: at least 0.1)
//   flat       within 10 % of the reference
//   zero       |mean| at most 3 points
//   order      true in every seed
TargetResult judge(const TargetRow& row, const std::vector<double>& by_seed,
                   const std::vector<double>& reference);

// How many rows of each kind of evidence pass, because not all agreement is worth the same: "predictions 6 of
// 6, in sample 7 of 7, ..."; kinds without a row are left out.
std::string evidence_counts(const std::vector<TargetResult>& outcomes);

}  // namespace respine
