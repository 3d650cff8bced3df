// Runs of a scenario, from its start or from a checkpoint, by one process or by ranks that share the network.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/jobs/stop.hpp"
#include "sim/ranks/ranks.hpp"
#include "sim/simulation.hpp"

namespace respine {

struct RunOptions {
    std::string scenario, output, resume;
    std::vector<std::string> set;
    long long seed = -1;
    int threads = 0, seeds = 0;  // seeds: 0 for one run, into the output as it is named
    u32 ranks = 1;               // for a dry run
    std::string ensemble;        // of parameter sets, a run for each of `members` of them (0: all)
    int members = 0;
    std::string command;  // the command line, for the run file
    bool force = false, dry_run = false, quiet = false, verbose = false, alone = false;
    std::string progress = "text";
    SafetyOptions safety;
    // Hears the share that is done; when it throws, the run ends with a checkpoint.
    std::function<void(double)> after_step;

    ProgressStyle style() const {
        return quiet ? ProgressStyle::kOff : progress == "json" ? ProgressStyle::kJson : ProgressStyle::kText;
    }
};

// The processes that share the network; each one reads the inputs for itself.
Ranks& ranks_for(const RunOptions& options);

// Simulates into options.output, which is new; NAME.h5 when not given.
void run_inputs(const RunOptions& options, Ranks& ranks, Inputs inputs);

// options.seeds runs with one seed after another, into NAME-seed1.h5 and so on: replicates for respine
// compare.
void run_seeds(const RunOptions& options, Ranks& ranks, const Settings& settings);

// A run for each of options.members parameter sets of options.ensemble, into NAME-member1.h5 and so on.
void run_members(const RunOptions& options, Ranks& ranks, const Settings& settings);

// Goes on with the run that options.resume names.
void run_resumed(const RunOptions& options, Ranks& ranks);

}  // namespace respine
