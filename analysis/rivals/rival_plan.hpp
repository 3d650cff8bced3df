// What the comparison of rivals runs: every shipped scenario that one animal or person can be in, under every
// rival, and the rows of the target table that these can answer.
#pragma once

#include <string>
#include <vector>

#include "analysis/rivals/experiments.hpp"
#include "analysis/validate/targets.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

struct Rival {
    std::string named;  // name in configs/hypotheses, or path
    Hypothesis text;
};

// Those that ship, and the user's own by path; `only` keeps some of them. Throws Error(kUsage) when two have
// one name, fewer than two are left, or their numbers of free parameters differ.
std::vector<Rival> rivals_of(const std::vector<std::string>& only, const std::vector<std::string>& own);

// Shipped scenarios on a sheet, without cohorts, each with its vehicle: the scenario without drug that has
// the same species, stress and genotype; one without a vehicle is left out. `wanted` keeps some of them,
// empty all; throws Error(kUsage) for a name that is none of them.
std::vector<Trial> arms_of(const std::vector<std::string>& wanted);

// Scenarios that run: those of the arms, and their vehicles.
std::vector<std::string> all_scenarios(const std::vector<Trial>& arms);

// Rows whose scenarios all run, inputs left out.
std::vector<TargetRow> rows_for_rivals(const std::vector<TargetRow>& table,
                                       const std::vector<std::string>& scenarios);

// Rows that the free parameters of the rivals were fitted to: the targets of the calibrations named
// rival-NAME.
std::vector<std::string> fitted_rows(const std::vector<Rival>& rivals);

}  // namespace respine
