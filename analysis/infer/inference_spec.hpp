// What an inference is asked to do, read strictly from YAML: configs/inferences holds examples. The
// parameters are drawn in waves; each wave is a study in which every scenario that the targets need is an
// arm.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/study/study_spec.hpp"
#include "analysis/validate/targets.hpp"

namespace respine {

// How the value of a target is put together from what a study reads off its arms. `share`: the same at the
// time that the row is held against, where the row asks for the difference of two runs over that at another
// time; a study reads each run alone.
struct TargetReads {
    u32 arm = 0, reference = 0;
    bool has_reference = false, over_reference = false;
    size_t outcome = 0;
    std::optional<size_t> share{};
};

struct InferenceSpec {
    std::string file, text, name, title;
    StudySpec study;  // arms, factors with their laws, outcomes; no points
    std::vector<TargetRow> targets;
    std::vector<TargetReads> reads;             // by target
    u32 waves = 3, points = 250, repeats = 20;  // of each wave; repeated ones have a second seed
    u64 seed = 1;
    double study_error = 0.5, row_error = 0.5;  // SD of the half-normal priors, in spreads of a row
    u32 walkers = 80, steps = 3000, members = 200;
};

const Table& inference_table();
const Table& inference_parameter_table();

// What a command adds to a specification: a file whose measurements are targets too, and a hypothesis instead
// of the specification's; "" for none.
struct InferenceExtras {
    std::string measurements{}, hypothesis{};
};

// Reads a specification (a path, or a name in configs/inferences). The free parameters of a hypothesis are
// inferred too. Throws Error(kUsage) with every problem.
InferenceSpec load_inference(const std::string& name, const InferenceExtras& extras);
InferenceSpec read_inference(const YamlDocument& document, const InferenceExtras& extras);

// The law of a parameter for which the specification names none. Published and derived values: normal, or
// log-normal over more than a factor of 1.5, the range of belief being the central 95 %. Assumed ones:
// uniform, or log-uniform over a factor of 4 and more.
Prior law_of_mark(const std::string& mark, double low, double high);

}  // namespace respine
