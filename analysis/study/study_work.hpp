// The work on a study: what was asked for, which part of it is this process's, and what its folder holds.
#pragma once

#include <string>
#include <vector>

#include "analysis/study/study_points.hpp"
#include "analysis/study/study_table.hpp"
#include "sim/jobs/progress.hpp"

namespace respine {

struct StudyOptions {
    std::string spec, work, shard, walltime, time = "1:00:00";
    std::string ensemble;  // every point runs under `members` parameter sets of it (0: all)
    int members = 0;
    int jobs = 0, threads = 0, tasks = 20;
    std::string outcome;  // power: what is measured, between which arms
    std::vector<std::string> between;
    std::vector<u32> persons = {20, 50, 100, 200};
    u32 trials = 2000;
    bool dry_run = false, json = false, quiet = false, retry_failed = false;

    ProgressStyle style() const { return quiet ? ProgressStyle::kOff : ProgressStyle::kText; }
};

struct Shard {
    u32 number = 1, of = 1;
    std::string source = "whole";
    bool owns(u32 point) const { return point % of == number - 1; }
};

// --shard > SLURM_ARRAY_TASK_* > the ranks of mpirun > those of srun > the whole.
Shard shard_of(const std::string& given);

// The specification with its points, and the folder of its work.
struct Study {
    StudySpec spec;
    StudyRows rows;
    std::vector<StudyPoint> points;
    std::string folder;
    StudyRunner runner;

    explicit Study(const StudyOptions& options);
    Study(StudySpec specification, std::string in);
    Study(const Study&) = delete;  // the runner looks at spec and points
    Study& operator=(const Study&) = delete;

    std::string journal(const Shard& shard) const;
    std::vector<std::string> journals() const;
    bool others_are_at_work(const Shard& own) const;
    // To be typed anywhere.
    std::string command(const std::string& what, const std::string& program = "respine") const;
    StudyTable table();
};

// What is left to do for these points, whose inputs all differ.
struct StudyWork {
    std::vector<u32> todo;
    size_t finished = 0;
    size_t settled = 0;              // failed, and would fail again
    std::vector<std::string> notes;  // why finished points run again
};
StudyWork work_of(Study& study, const std::vector<u32>& points, bool retry_failed);

// A batch script for a Slurm array, on standard output.
void print_slurm_script(const StudyOptions& options);

}  // namespace respine
