// respine study slurm: the batch script.

#include <algorithm>
#include <filesystem>

#include "analysis/study/study_work.hpp"
#include "sim/jobs/plan.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

constexpr const char* kSlurmScript = R"bash(#!/bin/bash
#SBATCH --job-name={name}
#SBATCH --array=1-{tasks}
#SBATCH --cpus-per-task={cores}
#SBATCH --time={time}
#SBATCH --signal=B:TERM@{lead}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%a.log
# What your site asks for; one # less makes it count.
##SBATCH --partition=NAME
##SBATCH --account=NAME
##SBATCH --mem-per-cpu=500M
# {points} points; each task runs every {tasks}th. What they take: {dry_run} --dry-run
# The last task writes the results. A merge after the array tells missing points (FILE is this script):
#   job=$(sbatch --parsable FILE)
#   sbatch --dependency=afterany:"$job" --job-name={merge_name} --output=%x.log --wrap={merge}
# After a failure submit it again, or parts of it (--array=7): finished points are not run again, stopped ones
# go on from checkpoints.

# A node that lacks the libraries respine was built with wants its "module load" here.
trap 'told=1; kill -TERM $! 2>/dev/null' TERM  # the time is nearly over, or the task has to make room
{run} --shard "$SLURM_ARRAY_TASK_ID/{tasks}" --jobs "$SLURM_CPUS_PER_TASK" --quiet &
# A signal ends the wait, not the run.
while told=; wait $!; code=$?; [ -n "$told" ]; do :; done

# Stopped with checkpoints: back into the queue, )bash"
                                     R"bash(unless scancel stopped it: then it no longer counts as running.
task="${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID"
if [ $code -eq 75 ] && [ "$(squeue -h -j "$task" -o %T)" = RUNNING ]; then
    scontrol requeue "$task"
fi
exit $code
)bash";

// What stands in a line of the script must not end it: the shell would run the rest.
void need_one_line(const char* what, const std::string& text) {
    const bool control =
        std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (control)
        fail(Exit::kUsage,
             "study slurm: {} holds a control character, which a batch script cannot: '{}'; give it another "
             "name",
             what, text);
}

void need_slurm_time(const std::string& text) {
    const bool known = !text.empty() && text.find_first_not_of("0123456789:-") == std::string::npos;
    if (!known)
        fail(Exit::kUsage,
             "--time wants a time as Slurm takes it, such as 90, 4:00:00 or 1-12:00:00, got '{}'", text);
}

}  // namespace

void print_slurm_script(const StudyOptions& o) {
    namespace fs = std::filesystem;
    need_slurm_time(o.time);
    need_one_line("--work", o.work);
    Study study(o);
    need_one_line("the specification", fs::absolute(study.spec.file).string());
    need_one_line("the folder", fs::absolute(study.folder).string());
    const std::string program =
        shell_word(fs::canonical("/proc/self/exe").string());  // a batch job may have another PATH
    need_one_line("the program", program);
    const double saved = estimate(study.runner.inputs_of(study.points.front()), {}).checkpoint;
    fmt::print(kSlurmScript, fmt::arg("name", shell_word(study.spec.name)),
               fmt::arg("tasks", std::min<size_t>(static_cast<size_t>(o.tasks), study.points.size())),
               fmt::arg("cores", std::max(1, o.jobs)), fmt::arg("time", o.time),
               fmt::arg("lead", seconds_before_end(std::max(1, o.jobs) * saved)),
               fmt::arg("points", study.points.size()), fmt::arg("dry_run", study.command("run")),
               fmt::arg("merge_name", shell_word(study.spec.name + "-merge")),
               fmt::arg("merge", shell_word(study.command("merge", program))),
               fmt::arg("run", study.command("run", program)));
}

}  // namespace respine
