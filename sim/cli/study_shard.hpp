// The points of a study that are this process's, run side by side.
#pragma once

#include "analysis/study/study_work.hpp"

namespace respine {

// Points at a time, and threads of each: of few points, each gets more cores.
struct Division {
    int jobs, threads;
};

Division division_of(const StudyOptions& options, const Study& study, const Shard& shard);

// Notes of a study on standard error, unless quiet.
void tell(const StudyOptions& options, const StudySpec& spec, const std::vector<std::string>& notes);

// Runs what is not done of the shard, each record into the journal when it comes; makes the folders. A stop
// is an Error with its exit code. `exit_code` becomes that of the first failure.
void run_shard(const StudyOptions& options, Study& study, const Shard& shard, const Division& by,
               int& exit_code);

}  // namespace respine
