// Rivals side by side: the rows of the target table, the experiments, and whether a planted truth is found.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/rivals/evidence.hpp"
#include "analysis/rivals/experiments.hpp"
#include "analysis/rivals/rival_plan.hpp"

namespace respine {

struct RivalTable {
    std::vector<Rival> rivals;
    std::vector<Trial> arms;
    std::vector<Readout> readouts;
    std::vector<std::string> fitted, failed;         // rows by id; files of runs
    std::vector<std::vector<TargetResult>> results;  // by rival and row
    std::vector<std::vector<RowScore>> scores;
    std::vector<std::vector<double>> recovery;  // by truth and rival; empty without a second seed
    std::vector<Prediction> predictions;        // they point to the arms and the read-outs above

    size_t rows() const { return results.front().size(); }
    bool is_fitted(size_t row) const;
    std::vector<RowScore> of_row(size_t row) const;
    bool separates(size_t row) const;  // whether some two rivals differ by a spread
    bool counts(size_t row) const { return separates(row) && !is_fitted(row); }
    const Prediction* best(size_t a, size_t b) const;  // null where the two share no experiment
};

// Of the rows that count.
struct Standing {
    int pass = 0, miss = 0, open = 0;
    double density = 0.0;  // log predictive density; a row counts for no less than kLeastDensity
};
inline constexpr double kLeastDensity = -50.0;
Standing standing_of(const RivalTable& c, size_t rival);

// One seed makes the data, the others predict them.
void recover_planted(RivalTable& c, u32 draws);

void print_table_of_rivals(const RivalTable& c);
nlohmann::json as_json(const RivalTable& c);

}  // namespace respine
