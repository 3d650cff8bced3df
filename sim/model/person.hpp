// What is known of one subject of a cohort; what is not given is drawn.
#pragma once

#include <optional>
#include <string>

#include "sim/model/choices.hpp"

namespace respine {

struct Person {
    std::string id{};
    std::optional<double> weight{};        // [kg]
    std::optional<double> severity{};      // of stress [1]
    std::optional<double> inflammation{};  // [1]
    std::optional<double> clearance{},
        volume{};  // of every drug, over those of a typical subject of the weight
    std::optional<Genotype> genotype{};
};

}  // namespace respine
