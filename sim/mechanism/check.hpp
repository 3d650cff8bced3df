// What is wrong with the mechanisms that a scenario brings: names that mean something else, formulas that
// cannot be read, or that are measured in something else than what they stand for.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/expression/formula.hpp"
#include "sim/model/mechanism.hpp"

namespace respine {

// Names that its formulas may use: `readable`, and behind these its constants.
std::vector<NamedUnit> with_constants(std::span<const NamedUnit> readable, const Mechanism& mechanism);

struct MechanismProblem {
    size_t mechanism;
    const char* key;
    std::string message;
};
// `readable`: every name that a formula may use, those of the mechanisms among them.
std::vector<MechanismProblem> problems_of(std::span<const Mechanism> mechanisms,
                                          std::span<const NamedUnit> readable);

}  // namespace respine
