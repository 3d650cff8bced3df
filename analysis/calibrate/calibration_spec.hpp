// What a calibration is asked to do, read strictly from YAML: configs/calibrations holds examples.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/calibrate/calibrate.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

struct CalibrationSpec {
    std::string file, text, name, title;
    std::string hypothesis;  // that every scenario runs under; empty for none
    std::vector<FitParameter> parameters;
    std::vector<TargetRow> targets, held_back;
    int seeds = 2;
    u64 first_seed = 1;
    std::optional<u32> neurons, synapses_per_neuron, subjects;  // instead of the scenarios' own sizes
    Search search;
};

const Table& calibration_table();
const Table& calibration_target_table();  // of a target with numbers of its own

// Reads a specification (a path, or a name in configs/calibrations) against the target table and the models
// of the scenarios that its targets need. Throws Error(kUsage) with every problem.
CalibrationSpec load_calibration(const std::string& name);
CalibrationSpec read_calibration(const YamlDocument& document);

// What a run of a scenario is given at a point: seed, sizes and parameters.
Settings settings_of(const CalibrationSpec& spec, const std::string& scenario, u64 seed,
                     const std::vector<double>& point);

// "bdnf.clearance", "1.2 h": as --set and the overrides of a scenario take them.
std::pair<std::string, std::string> setting_of(const FitParameter& parameter, double value);

}  // namespace respine
