// respine study: one specification, many runs, one table.

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <omp.h>
#include <optional>
#include <set>

#include "analysis/study_table.hpp"
#include "analysis/texts.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/python.hpp"
#include "sim/cli/stop.hpp"
#include "sim/cli/study_plan.hpp"
#include "sim/cli/threads.hpp"
#include "sim/cli/workers.hpp"
#include "sim/io/files.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

struct Shard {
    u32 number = 1, of = 1;
    std::string source = "whole";
    bool owns(u32 point) const { return point % of == number - 1; }
};

struct StudyOptions {
    std::string spec, work, shard, walltime, time = "1:00:00";
    int jobs = 0, threads = 0, tasks = 20;
    bool dry_run = false, json = false, quiet = false;

    ProgressStyle style() const { return quiet ? ProgressStyle::kOff : ProgressStyle::kText; }
};

// --shard > SLURM_ARRAY_TASK_* > the ranks of mpirun > those of srun > the whole.
Shard shard_of(const std::string& given) {
    const auto number = [](const char* name) {
        const char* text = std::getenv(name);
        return text ? parse_number(text) : std::nullopt;
    };
    if (!given.empty()) {
        const size_t slash = given.find('/');
        const auto i = parse_number(given.substr(0, slash)), n = slash == std::string::npos ? std::nullopt : parse_number(given.substr(slash + 1));
        if (!i || !n || *i < 1 || *i > *n || *i != std::floor(*i) || *n != std::floor(*n) || *n > 1e6) fail(Exit::kUsage, "--shard wants i/n with 1 <= i <= n, got '{}'", given);
        return {static_cast<u32>(*i), static_cast<u32>(*n), "--shard"};
    }
    const auto first = number("SLURM_ARRAY_TASK_MIN").value_or(0.0);
    if (const auto last = number("SLURM_ARRAY_TASK_MAX"), n = number("SLURM_ARRAY_TASK_COUNT"); last && n && *last - first + 1.0 != *n)
        fail(Exit::kUsage, "this Slurm array has gaps ({} tasks from {} to {}); say which part a task is with --shard i/n", *n, first, *last);
    if (const auto i = number("SLURM_ARRAY_TASK_ID"), n = number("SLURM_ARRAY_TASK_COUNT"); i && n && *n >= 1.0 && *i >= first && *i - first < *n)
        return {static_cast<u32>(*i - first) + 1, static_cast<u32>(*n), "SLURM_ARRAY_TASK_ID"};
    if (const LaunchedAs as = launched_as(); !as.by.empty()) return {as.rank + 1, as.size, as.by};
    return {};
}

// The specification with its points, and the folder of its work.
struct Study {
    StudySpec spec;
    StudyRows rows;
    std::vector<StudyPoint> points;
    std::string folder;
    StudyRunner runner;

    explicit Study(const StudyOptions& o)
        : spec(load_study(o.spec)), rows(rows_of(spec)), points(points_of(spec, rows)), folder(o.work.empty() ? "study-" + spec.name : o.work), runner(spec, points, folder) {}
    Study(const Study&) = delete;  // the runner looks at spec and points
    Study& operator=(const Study&) = delete;

    std::string journal(const Shard& shard) const { return fmt::format("{}/journal-{}-of-{}.jsonl", folder, shard.number, shard.of); }
    std::vector<std::string> journals() const {
        std::vector<std::string> found;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(folder, none))
            if (entry.path().filename().string().starts_with("journal-") && entry.path().extension() == ".jsonl") found.push_back(entry.path().string());
        std::sort(found.begin(), found.end());
        return found;
    }
    std::set<std::string> done() const {  // whatever shard they ran in
        std::set<std::string> ids;
        for (const std::string& path : journals())
            for (const PointRecord& r : read_journal(path))
                if (r.ok) ids.insert(r.id);
        return ids;
    }
    bool others_are_at_work(const Shard& own) const {
        for (Shard shard = own; shard.number = shard.number % own.of + 1, shard.number != own.number;)
            if (!fs::exists(journal(shard)) || in_use(journal(shard))) return true;
        return false;
    }
    std::string command(const std::string& what, const std::string& program = "respine") const {  // to be typed anywhere
        return fmt::format("{} study {} {} --work {}", program, what, shell_word(fs::absolute(spec.file).string()), shell_word(fs::absolute(folder).string()));
    }
    StudyTable table() {
        StudyTable t{.spec = spec, .rows = rows, .points = points, .ids = {}, .records = {}, .units = runner.units()};
        for (const StudyPoint& p : points) t.ids.push_back(runner.id_of(p.number));
        take_records(t, journals());
        return t;
    }
};

void print_summary(const Study& study, const StudyTable& t) {
    fmt::print("{}: {} points, {} ok, {} failed, {} missing\n", t.spec.name, t.points.size(), t.points.size() - t.failed() - t.missing(), t.failed(), t.missing());
    if (t.strangers > 0) fmt::print("{} records in the journals are of other inputs, other outcomes or another version of the program\n", t.strangers);
    size_t shown = 0;
    for (u32 p = 0; p < t.records.size(); ++p)
        if (const auto& r = t.records[p]; r && !r->ok && ++shown <= 5) fmt::print("  point {}: {}\n", p, r->message);
    if (t.failed() > 5) fmt::print("  and {} more, in {}/results.csv\n", t.failed() - 5, study.folder);
    if (t.missing() == 0) fmt::print("results: {0}/results.csv, {0}/results.h5, {0}/analysis.json; a page with figures: {1}\n", study.folder, study.command("report"));
}

void give_results(const Study& study, const StudyTable& table, bool json) {
    const FolderLock lock(study.folder);  // two shards may be the last
    write_results(table, study.folder);
    if (json) std::cout << analysis_json(table);
    else print_summary(study, table);
}

void merge(const StudyOptions& o) {
    Study study(o);
    if (study.journals().empty()) fail(Exit::kInput, "{}: error: there is no journal; run the study first: {}", study.folder, study.command("run"));
    const StudyTable table = study.table();
    give_results(study, table, o.json);
    if (table.missing() > 0)
        fail(Exit::kInput, "{}: error: {} of {} points have not run; submit the batch script again, or: {}", study.folder, table.missing(), table.points.size(),
             study.command("run"));
}

void status(const StudyOptions& o) {
    Study study(o);
    const StudyTable table = study.table();
    double seconds = 0.0, count = 0.0;
    for (const auto& r : table.records)
        if (r) {
            seconds += r->seconds;
            count += 1.0;
        }
    const double left = count > 0.0 ? seconds / count * static_cast<double>(table.missing()) : NAN;
    size_t waiting = 0;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(study.folder + "/in-flight", none)) waiting += entry.path().extension() == ".ckpt" ? 1 : 0;
    if (o.json) {
        std::cout << json_text(nlohmann::json{{"points", table.points.size()},
                                              {"failed", table.failed()},
                                              {"missing", table.missing()},
                                              {"in_flight", waiting},
                                              {"journals", study.journals().size()},
                                              {"cpu_seconds_left", finite_or_null(left)}})
                  << "\n";
        return;
    }
    print_summary(study, table);
    if (table.missing() > 0 && std::isfinite(left)) fmt::print("about {} of one job left ({:.2f} s a point)\n", duration_text(left), seconds / count);
    if (waiting > 0) fmt::print("{} points were stopped on their way and go on from their checkpoints\n", waiting);
}

constexpr const char* kSlurmScript = R"bash(#!/bin/bash
#SBATCH --job-name={name}
#SBATCH --array=1-{tasks}
#SBATCH --cpus-per-task={cores}
#SBATCH --time={time}
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%a.log
# What your site asks for; one # less makes it count.
##SBATCH --partition=NAME
##SBATCH --account=NAME
##SBATCH --mem-per-cpu=500M
# {points} points; each task runs every {tasks}th. What they take: {dry_run} --dry-run
# The last task writes the results. A merge behind the array says whether points are missing (FILE is this script):
#   job=$(sbatch --parsable FILE) && sbatch --dependency=afterany:"$job" --job-name={merge_name} --output=%x.log --wrap={merge}
# After a failure submit it again, or parts of it (--array=7): finished points are not run again, stopped ones go on from checkpoints.

# A node that lacks the libraries respine was built with wants its "module load" here.
trap 'told=1; kill -TERM $! 2>/dev/null' TERM  # the time is nearly over, or the task has to make room
{run} --shard "$SLURM_ARRAY_TASK_ID/{tasks}" --jobs "$SLURM_CPUS_PER_TASK" --quiet &
while told=; wait $!; code=$?; [ -n "$told" ]; do :; done  # a signal ends the wait, not the run

# Stopped with checkpoints: back into the queue, unless the stop was scancel, which no longer has the task as running.
task="${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID"
if [ $code -eq 75 ] && [ "$(squeue -h -j "$task" -o %T)" = RUNNING ]; then scontrol requeue "$task"; fi
exit $code
)bash";

void slurm(const StudyOptions& o) {
    Study study(o);
    const std::string program = shell_word(fs::canonical("/proc/self/exe").string());  // a batch job may have another PATH
    fmt::print(kSlurmScript, fmt::arg("name", shell_word(study.spec.name)), fmt::arg("tasks", std::min<size_t>(static_cast<size_t>(o.tasks), study.points.size())),
               fmt::arg("cores", std::max(1, o.jobs)), fmt::arg("time", o.time), fmt::arg("points", study.points.size()), fmt::arg("dry_run", study.command("run")),
               fmt::arg("merge_name", shell_word(study.spec.name + "-merge")), fmt::arg("merge", shell_word(study.command("merge", program))),
               fmt::arg("run", study.command("run", program)));
}

void run(const StudyOptions& o, int& exit_code) {
    const double wall_seconds = wall_clock_seconds("--walltime", o.walltime);
    const Shard shard = shard_of(o.shard);
    Study study(o);
    const int cores = choose_threads(o.threads).threads;
    const int jobs = std::max(1, std::min<int>(o.jobs > 0 ? o.jobs : cores, static_cast<int>((study.points.size() + shard.of - 1) / shard.of)));
    const int threads = std::max(1, cores / jobs);  // few points: the rest of the cores works inside them
    if (!o.quiet)
        for (const std::string& line : study.runner.blanks()) fmt::print(stderr, "{}: note: {}\n", study.spec.file, line);
    if (o.dry_run) return print_study_plan(study.spec, study.points, study.runner, jobs);
    for (const char* sub : {"", "/in-flight", "/runs"}) make_folder(study.folder + sub);
    watch_for_stop(wall_seconds);
    omp_set_num_threads(1);  // threads that exist now would be missing in the workers
    study.runner.units();    // an outcome that no run has is said before any runs
    std::vector<u32> own, todo;
    std::optional<Journal> journal(study.journal(shard));
    const std::set<std::string> before = study.done();
    for (const u32 number : study.runner.different()) {  // over all shards: equal points in two of them would share a checkpoint
        if (!shard.owns(number)) continue;
        own.push_back(number);
        if (!before.contains(study.runner.id_of(number))) todo.push_back(number);
    }
    const size_t known = own.size() - todo.size();
    Progress progress(o.style(), study.spec.name, 0, static_cast<Tick>(std::max<size_t>(1, own.size())), "points", static_cast<Tick>(known));
    size_t done = known, failed = 0;
    {
        Workers workers(std::min<int>(jobs, static_cast<int>(std::max<size_t>(1, todo.size()))), [&](u32 number) { return to_line(study.runner.run(number, threads)); });
        const auto keep = [&](const PointRecord& record) {
            if (record.exit_code == static_cast<int>(Exit::kStopped)) {
                if (stop_reason() == StopReason::kNone) std::raise(SIGTERM);  // somebody stopped the worker alone: it would refuse every other point
                return;
            }
            journal->add(record);
            ++done;
            failed += record.ok ? 0 : 1;
        };
        workers.run(
            todo, [&](u32, const std::string& answer) { keep(from_line(answer)); },
            [&](u32 number, const std::string& how) {
                keep({.id = study.runner.id_of(number), .point = number, .exit_code = static_cast<int>(Exit::kInternal), .message = how});
            },
            [] { return stop_reason() != StopReason::kNone; }, [&] { progress.show(static_cast<Tick>(done), false); });
    }
    if (done < own.size()) {
        const StopReason reason = stop_reason();
        fail(exit_of(reason), "{}: {}; {} of {} points are done and kept; go on with the same command", study.spec.name, text_of(reason), done, own.size());
    }
    progress.show(static_cast<Tick>(done), true);
    journal.reset();
    if (shard.of > 1)
        fmt::print("{}: shard {} of {} ({}): {} points, {} failed\n", study.spec.name, shard.number, shard.of, shard.source, own.size(), failed);
    if (study.others_are_at_work(shard)) return;  // who is last gives the results
    const StudyTable table = study.table();
    if (table.missing() > 0) {
        fmt::print("{}: {} points have not run, because another shard is to come or was cut short: run it again\n", study.spec.name, table.missing());
        return;
    }
    give_results(study, table, o.json);
    if (table.failed() == table.points.size()) exit_code = static_cast<int>(Exit::kNumerical);
}

void report(const StudyOptions& o) {
    Study study(o);
    const StudyTable table = study.table();
    if (table.missing() == table.points.size()) {
        print_summary(study, table);
        fail(Exit::kInput, "{}: error: nothing has run yet; run the study first: {}", study.folder, study.command("run"));
    }
    write_results(table, study.folder);
    const std::string page = study.folder + "/report.html";
    run_python("study_report.py", {study.folder, "--out", page}, "The results in " + study.folder + " stand.");
    fmt::print("{}\n", page);
}

}  // namespace

void add_study(CLI::App& app, int& exit_code) {
    app.require_subcommand(1);
    const auto o = std::make_shared<StudyOptions>();
    const auto add = [&](const char* name, const char* words, const std::function<void()>& action) {
        CLI::App* sub = app.add_subcommand(name, words);
        sub->add_option("spec", o->spec, "specification: a file, or a name in configs/studies")->required();
        sub->add_option("--work", o->work, "folder of journal and results, study-NAME unless given");
        sub->callback(action);
        return sub;
    };
    CLI::App* running = add("run", "run what is not done yet, and write the results", [o, &exit_code] { run(*o, exit_code); });
    running->add_option("--jobs", o->jobs, "points at a time; as many as cores without it")->check(CLI::Range(1, 4096));
    running->add_option("--threads", o->threads, "cores in all")->check(CLI::Range(1, 4096));
    running->add_option("--shard", o->shard, "i/n: every n-th point from the i-th; by default the task of a Slurm array or the rank of mpirun");
    running->add_option("--walltime", o->walltime, "stop before this much time is used, with checkpoints, exit 75");
    running->add_flag("--dry-run", o->dry_run, "points, core-hours by one pilot run, memory and disk; nothing is kept");
    running->add_flag("--json", o->json, "print the analysis as JSON");
    running->add_flag("-q,--quiet", o->quiet, "no progress");
    add("status", "what is done, what failed, and how long the rest takes", [o] { status(*o); })->add_flag("--json", o->json, "print JSON");
    add("merge", "the results of all shards in the folder", [o] { merge(*o); })->add_flag("--json", o->json, "print the analysis as JSON");
    CLI::App* batch = add("slurm", "print a batch script for a Slurm array", [o] { slurm(*o); });
    batch->add_option("--tasks", o->tasks, "tasks of the array")->check(CLI::Range(1, 1000000));
    batch->add_option("--jobs", o->jobs, "cores a task")->check(CLI::Range(1, 4096));
    batch->add_option("--time", o->time, "wall time of a task, as Slurm takes it");
    add("report", "a page with tables and figures, from the results", [o] { report(*o); });
}

}  // namespace respine
