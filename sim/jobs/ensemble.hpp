// Parameter sets that data allow (respine infer), and runs of a scenario under each of them.
#pragma once

#include <string>
#include <vector>

#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/progress.hpp"

namespace respine {

inline constexpr const char* kEnsembleFormat = "respine ensemble";
inline constexpr int kEnsembleVersion = 1;  // as posterior.py writes it

struct Ensemble {
    std::string file, name;
    std::vector<std::string> keys, units;
    std::vector<std::vector<double>> values;  // by member and key, in its unit
    std::vector<u32> numbers;                 // of the members in the file, from 1 on

    size_t size() const { return values.size(); }
    // What a run of member k is set to: its parameters, and its number as the scenario's `member`.
    Settings settings(size_t k) const;
};

// `name`: a posterior.h5, or a name in configs/ensembles. members: so many, evenly out of the file, whose
// members have equal weights; 0 for all. Throws Error(kUsage) when it has fewer, Error(kInput) for a file
// that is none.
Ensemble load_ensemble(const std::string& name, int members);

// The scenario of a run file once more under each member, in `folder`, where finished runs are used again.
// Returns the run files, in the order of the members.
std::vector<std::string> member_runs(const std::string& run, const Ensemble& ensemble,
                                     const std::string& folder, int at_once, ProgressStyle style);

}  // namespace respine
