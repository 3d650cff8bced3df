// Many runs of one command: processes side by side, one thread each, and nothing is run twice.
#pragma once

#include <string>
#include <vector>

#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/progress.hpp"

namespace respine {

struct Job {
    std::string scenario, file;  // name or path of the scenario; the run file to write
    Settings settings;
};

// "NAME-VARIANT.h5" in the folder, for a scenario that may be named by its path.
std::string job_file(const std::string& folder, const std::string& scenario, const std::string& variant);

// A job is done when its file is complete, was made by this version from these very inputs, and is newer than
// this program.
bool is_done(const Job& job);

// Runs what is not done yet, `at_once` at a time, the longest first; results do not depend on it. Returns the
// files of the runs that failed because the model did (exit code kNumerical); throws an Error that names
// every run when one failed for any other reason, of that run's code. After a signal the finished runs stay.
std::vector<std::string> try_jobs(std::vector<Job> jobs, int at_once, const std::string& title,
                                  ProgressStyle style);

// The same, but the model must not fail either.
void run_jobs(std::vector<Job> jobs, int at_once, const std::string& title, ProgressStyle style);

}  // namespace respine
