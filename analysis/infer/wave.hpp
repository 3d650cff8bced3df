// One wave of an inference: parameter sets as points of the unit cube, run as a study, read back as a row of
// numbers a set.
#pragma once

#include <string>
#include <vector>

#include "analysis/infer/inference_spec.hpp"
#include "analysis/study/study_table.hpp"

namespace respine {

using UnitPoints = std::vector<std::vector<double>>;  // by set and parameter, each in (0, 1) of its law

// Of the first wave: a Latin hypercube over the priors.
UnitPoints first_points(const InferenceSpec& spec);

// Drawn from the priors: truths of data sets that the model itself makes.
UnitPoints drawn_points(const InferenceSpec& spec, u32 count);

// CSV with a column a parameter. Reading throws Error(kInput) with file and line.
void write_points(const std::string& path, const InferenceSpec& spec, const UnitPoints& points);
UnitPoints read_points(const std::string& path, const InferenceSpec& spec);

// The study that runs them, each with a seed of its own; in a wave of the inference the first `repeats` are
// there twice.
StudySpec study_of_wave(const InferenceSpec& spec, const std::string& name, u32 wave,
                        const UnitPoints& points);

// values.csv: a row a set, by target the value, for rows that compare that of the reference, and as ID:z how
// far that lies from the published row, in its spread (analysis/rivals/evidence.hpp).
std::string values_csv(const InferenceSpec& spec, const StudyTable& table, const UnitPoints& points);

// Everything that the statistics need to know, as JSON: parameters with laws, targets, sizes.
std::string plan_json(const InferenceSpec& spec);

}  // namespace respine
