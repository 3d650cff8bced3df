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

// The numbers among it: column of a table, key of a scenario, unit and limits.
struct PersonNumber {
    const char *column, *key, *unit;
    std::optional<double> Person::*member;
    double low, high;
    const char* doc;
};
inline constexpr PersonNumber kPersonNumbers[] = {
    {"WT", "weight", "kg", &Person::weight, 0.005, 300, "body weight"},
    {"SEVERITY", "severity", "1", &Person::severity, 0, 3, "of stress"},
    {"INFLAMMATION", "inflammation", "1", &Person::inflammation, 0, 1, "0 none, 1 strong"},
    {"CL", "clearance", "1", &Person::clearance, 0.01, 100,
     "of every drug, over that of a typical subject of the weight"},
    {"V", "volume", "1", &Person::volume, 0.01, 100, "of distribution, likewise"}};

}  // namespace respine
