// --set path=value: how a setting is written into a scenario.
#pragma once

#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

// Whether a setting gives this key, or the map that holds it.
bool is_set(const Settings& settings, const std::string& key);

// Writes a setting into the scenario. LIST.+ appends one entry to a list, or a list of them.
void apply_setting(YAML::Node root, const std::string& path, const std::string& value, Problems& problems);

// Writes the numbers of a scenario whose paths begin with `prefix` into a file that the scenario names.
void write_numbers(const Scenario& scenario, const std::string& prefix, YAML::Node root, Problems& problems);

// Every number of such a file, by its path: value, range, mark and reference as they stand there.
struct FileNumber {
    std::string path, value, range, mark, reference;
};
std::vector<FileNumber> numbers_in(const YAML::Node& root, const std::string& prefix);

// Sessions and snapshots of the file that a run cut short by a setting does not reach are left out, and that
// is told.
void leave_times(Scenario& scenario, const Settings& settings);

// A subject asked for by a setting is run alone, which is told; a file that wants one subject and a cohort
// wants two things at once.
void leave_cohort(Scenario& scenario, const YAML::Node& root, const Settings& settings, Problems& problems);

}  // namespace respine
