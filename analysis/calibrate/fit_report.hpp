// What a calibration found: which parameters moved, the targets before and after, and the overrides for a
// scenario.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/calibrate/calibration_spec.hpp"

namespace respine {

struct FitReport {
    const CalibrationSpec& spec;
    Fit fit;
    Evaluation held_before, held_after;  // empty when nothing is held back
    size_t evaluated = 0, known = 0;     // points simulated now, and points that the work folder knew before
    size_t failed = 0;                   // of both, those where a run failed or a target had no value
    double seconds = 0.0;                // of this session
    std::string best_file;
};

std::string as_text(const FitReport& report);
nlohmann::json as_json(const FitReport& report);

// The overrides block of the best point, with a comment on how to use it.
std::string best_yaml(const FitReport& report);

}  // namespace respine
