// Model, drug and network files: every number with unit, mark and reference.
#pragma once

#include <string>
#include <vector>

#include "sim/io/yaml/yaml_table.hpp"
#include "sim/model/drug.hpp"
#include "sim/model/model.hpp"
#include "sim/model/network_spec.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// Where a checked {value, range, mark, ref} of a file comes from.
Provenance provenance_of(const YAML::Node& node, std::string_view unit, const std::string& file);

// Model by name or path; `beside` is the file that names it. A file may say `based_on`; missing parameters
// are errors.
// A hypothesis (name or path; empty for none) stands over the first file of the chain and under those that
// are based on it: what was done to an animal holds under every account of it.
Model load_model(const std::string& name, const std::string& beside, const std::string& hypothesis = "");

// A rival account of how a drug works: numbers that stand over the model's.
struct Hypothesis {
    std::string name, title, claim, reference, file;
    std::vector<std::string> free;  // parameters that were fitted for it
};
Hypothesis load_hypothesis(const std::string& name, const std::string& beside);

// Sets parameters from a scenario's overrides; all problems at once. Paths that begin with "drug." belong to
// override_drug.
void override_parameters(Model& model, const Scenario& scenario);

// Keys for the parameters of these sections of the model, or of all, by their whole paths.
Table parameter_table(const std::vector<std::string>& sections = {});

// With the scenario's own numbers in place of those of the file.
Drug load_drug(const std::string& name, const std::string& beside, const Scenario& scenario = {});

DrugList load_drugs_of(const Scenario& scenario, const Model& model);

NetworkSpec load_network_spec(const std::string& name, const Scenario& scenario = {});

}  // namespace respine
