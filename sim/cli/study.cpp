// respine study: one specification, many runs, one table.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/design/power.hpp"
#include "analysis/study/study_plan.hpp"
#include "analysis/study/study_table.hpp"
#include "analysis/study/study_work.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/study_shard.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/stop.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/jobs/workers.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

void print_summary(const Study& study, const StudyTable& t) {
    fmt::print("{}: {} points, {} ok, {} failed, {} missing\n", t.spec.name, t.points.size(),
               t.points.size() - t.failed() - t.missing(), t.failed(), t.missing());
    if (t.strangers > 0)
        fmt::print("{} records in the journals are of other inputs or another version of the program\n",
                   t.strangers);
    size_t shown = 0;
    for (u32 p = 0; p < t.records.size(); ++p)
        if (const auto& r = t.records[p]; r && !r->ok && ++shown <= 5)
            fmt::print("  point {}: {}\n", p, r->message);
    const auto settled = std::count_if(t.records.begin(), t.records.end(),
                                       [](const auto& r) { return r && !r->ok && !r->retry; });
    if (settled > 0)
        fmt::print("  {} of them failed because the model did and run again only with --retry-failed\n",
                   settled);
    if (t.failed() > 5) fmt::print("  and {} more, in {}/results.csv\n", t.failed() - 5, study.folder);
    if (const std::vector<std::string> inert = inert_parameters(t); !inert.empty())
        fmt::print("inert: {}: no value of it changed any outcome\n", fmt::join(inert, ", "));
    if (t.missing() == 0)
        fmt::print("results: {0}/results.csv, {0}/results.h5, {0}/analysis.json; a page with figures: {1}\n",
                   printable(study.folder), printable(study.command("report")));
}

void give_results(const Study& study, const StudyTable& table, bool json) {
    const FolderLock lock(study.folder);  // two shards may be the last
    const std::string analysis = write_results(table, study.folder);
    if (json) {
        std::cout << analysis;
        return;
    }
    print_summary(study, table);
    const std::vector<std::string> advice = advice_of(analysis);
    for (const std::string& line : advice) fmt::print("{}\n", line);
    if (!advice.empty()) fmt::print("raise `blocks` in the design: only the new points run\n");
}

// The summary on standard output tells more, where this shard is the last.
void say_that_points_failed(const Study& study, int exit_code) {
    if (exit_code != 0)
        fmt::print(stderr, "{}: error: there are points that failed; which, and why: {}\n", study.spec.name,
                   study.command("status"));
}

void merge(const StudyOptions& o, int& exit_code) {
    Study study(o);
    if (study.journals().empty())
        fail(Exit::kInput, "{}: error: there is no journal; run the study first: {}", study.folder,
             study.command("run"));
    tell(o, study.spec, work_of(study, study.runner.different(), false).notes);
    const StudyTable table = study.table();
    if (table.missing() == table.points.size())
        fail(Exit::kInput,
             "{}: error: no record in its journals is of these points and outcomes; the results stay as they "
             "are; run the study: {}",
             study.folder, study.command("run"));
    give_results(study, table, o.json);
    if (table.missing() > 0)
        fail(Exit::kInput, "{}: error: {} of {} points have not run; submit the batch script again, or: {}",
             study.folder, table.missing(), table.points.size(), study.command("run"));
    exit_code = table.exit_code();
    say_that_points_failed(study, exit_code);
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
    for (const StudyPoint& p : study.points)
        if (!table.records[p.number] && fs::exists(study.runner.checkpoint_of_point(p.number))) ++waiting;
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
    tell(o, study.spec, work_of(study, study.runner.different(), false).notes);
    if (table.missing() > 0 && std::isfinite(left))
        fmt::print("about {} of one job left ({:.2f} s a point)\n", duration_text(left), seconds / count);
    if (waiting > 0)
        fmt::print("{} points were stopped on their way and go on from their checkpoints\n", waiting);
}

void plan(const StudyOptions& o, Study& study, int jobs) {
    if (!study.journals().empty()) {
        const std::vector<u32> different = study.runner.different();
        const StudyWork work = work_of(study, different, o.retry_failed);
        tell(o, study.spec, work.notes);
        fmt::print("left            {} of {} different points\n", work.todo.size(), different.size());
    }
    print_study_plan(study.spec, study.points, study.runner, jobs);
}

// Whoever is last gives the results of all shards.
void finish(const StudyOptions& o, Study& study, const Shard& shard, int& exit_code) {
    if (study.others_are_at_work(shard)) return;
    const StudyTable table = study.table();
    if (table.missing() > 0) {
        if (shard.of == 1)
            fail(Exit::kIo, "{}: error: {} records of this study are gone from its folder; run it again",
                 study.folder, table.missing());
        fmt::print(
            "{}: {} points have not run, because another shard is to come or was cut short: run it again\n",
            study.spec.name, table.missing());
        return;
    }
    give_results(study, table, o.json);
    exit_code = table.exit_code();
}

void run(const StudyOptions& o, int& exit_code) {
    const double wall_seconds = wall_clock_seconds("--walltime", o.walltime);
    const Shard shard = shard_of(o.shard);
    Study study(o);
    const Division by = division_of(o, study, shard);
    omp_set_num_threads(1);  // threads that exist now would be missing in the workers
    study.runner.units();    // an outcome that no run has is said before any runs
    if (!o.quiet) tell(o, study.spec, study.runner.notes());
    if (o.dry_run) return plan(o, study, by.jobs);
    watch_for_stop(wall_seconds);
    run_shard(o, study, shard, by, exit_code);
    finish(o, study, shard, exit_code);
    say_that_points_failed(study, exit_code);
}

void need_records(const Study& study, const StudyTable& table) {
    if (table.missing() == table.points.size())
        fail(Exit::kInput, "{}: error: no record is of these points and outcomes; run the study first: {}",
             study.folder, study.command("run"));
}

u32 place_of(const std::string& word, const char* what, const std::vector<std::string>& names) {
    const auto at = std::find(names.begin(), names.end(), word);
    if (at == names.end())
        fail(Exit::kUsage, "error: there is no {} '{}'{} (one of: {})", what, word, suggestion(word, names),
             fmt::join(names, ", "));
    return static_cast<u32>(at - names.begin());
}

// The outcome and the two arms that were asked for, by their places.
struct Asked {
    u32 outcome, one, other;
};
Asked asked_of(const StudyOptions& o, const StudySpec& spec) {
    std::vector<std::string> outcomes, arms;
    for (const OutcomeSpec& outcome : spec.outcomes) outcomes.push_back(outcome.name);
    for (const Arm& arm : spec.arms) arms.push_back(arm.name);
    return {place_of(o.outcome, "outcome", outcomes), place_of(o.between.at(0), "arm", arms),
            place_of(o.between.at(1), "arm", arms)};
}

void print_power(const StudyOptions& o) {
    Study study(o);
    const StudyTable table = study.table();
    need_records(study, table);
    const Asked asked = asked_of(o, study.spec);
    const std::vector<double> one = table.persons(asked.one, asked.outcome),
                              other = table.persons(asked.other, asked.outcome);
    fmt::print("power to tell {} from {} by {}, {} trials of persons drawn from {} and {} simulated ones\n",
               o.between[0], o.between[1], o.outcome, o.trials, one.size(), other.size());
    fmt::print("{:>15} {:>7} {:>7}\n", "persons an arm", "power", "SE");
    for (const u32 persons : o.persons) {
        const Power power = power_of_trial(one, other, persons, o.trials, study.spec.first_seed);
        fmt::print("{:>15} {:>7.3f} {:>7.3f}\n", persons, power.value, power.standard_error);
    }
}

void print_equivalence(const StudyOptions& o) {
    Study study(o);
    const StudyTable table = study.table();
    need_records(study, table);
    const Asked asked = asked_of(o, study.spec);
    const auto [test, reference] = table.pairs(asked.one, asked.other, asked.outcome);
    const Equivalence e = equivalence_of(test, reference);
    fmt::print(
        "{}: {} over {} in {} persons: {:.4g} (90 % interval {:.4g} to {:.4g}), within-person CV {:.0f} %\n",
        o.outcome, o.between[0], o.between[1], e.persons, e.ratio, e.low, e.high,
        100.0 * std::sqrt(std::expm1(e.within_sd * e.within_sd)));
    fmt::print("{}\n", e.holds() ? "equivalent: the interval lies within 0.8 to 1.25"
                                 : "not equivalent: the interval does not lie within 0.8 to 1.25");
}

void report(const StudyOptions& o) {
    Study study(o);
    const StudyTable table = study.table();
    if (table.missing() == table.points.size()) {
        print_summary(study, table);
        tell(o, study.spec, work_of(study, study.runner.different(), false).notes);
    }
    need_records(study, table);
    write_results(table, study.folder);
    const std::string page = study.folder + "/report.html";
    run_python("study_report.py", {study.folder, "--out", page},
               "The results in " + study.folder + " stand.");
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
        add_ensemble(*sub, o->ensemble, o->members, "run every point under parameter sets that data allow");
        sub->callback(action);
        return sub;
    };
    CLI::App* running = add("run", "run what is not done yet, and write the results",
                            [o, &exit_code] { run(*o, exit_code); });
    running->add_option("--jobs", o->jobs, "points at a time; as many as cores without it")
        ->check(CLI::Range(1, 4096));
    running->add_option("--threads", o->threads, "cores in all")->check(CLI::Range(1, 4096));
    running->add_option(
        "--shard", o->shard,
        "i/n: every n-th point from the i-th; by default the task of a Slurm array or the rank of mpirun");
    running->add_option("--walltime", o->walltime,
                        "stop before this much time is used, with checkpoints, exit 75");
    running->add_flag("--dry-run", o->dry_run,
                      "points, core-hours by one pilot run, memory and disk; nothing is kept");
    running->add_flag("--retry-failed", o->retry_failed,
                      "also run again what failed because the model did, which would fail again");
    running->add_flag("--json", o->json, "print the analysis as JSON");
    running->add_flag("-q,--quiet", o->quiet, "no progress");
    add("status", "what is done, what failed, and how long the rest takes", [o] {
        status(*o);
    })->add_flag("--json", o->json, "print JSON");
    add("merge", "the results of all shards in the folder", [o, &exit_code] {
        merge(*o, exit_code);
    })->add_flag("--json", o->json, "print the analysis as JSON");
    CLI::App* batch = add("slurm", "print a batch script for a Slurm array", [o] { print_slurm_script(*o); });
    batch->add_option("--tasks", o->tasks, "tasks of the array")->check(CLI::Range(1, 1000000));
    batch->add_option("--jobs", o->jobs, "cores a task")->check(CLI::Range(1, 4096));
    batch->add_option("--time", o->time, "wall time of a task, as Slurm takes it");
    CLI::App* power = add("power", "in how many trials of so many persons one arm differs from another",
                          [o] { print_power(*o); });
    power->add_option("--outcome", o->outcome, "that the trial measures")->required();
    power->add_option("--arms", o->between, "two of the study: A,B")->required()->delimiter(',')->expected(2);
    power->add_option("--persons", o->persons, "in each arm")->delimiter(',')->check(CLI::Range(2, 100000));
    power->add_option("--trials", o->trials, "that are drawn")->check(CLI::Range(10, 1000000));
    CLI::App* same =
        add("equivalence", "ratio of one arm over another in the same persons, as bioequivalence is judged",
            [o] { print_equivalence(*o); });
    same->add_option("--outcome", o->outcome, "such as an area under a level")->required();
    same->add_option("--arms", o->between, "test,reference")->required()->delimiter(',')->expected(2);
    add("report", "a page with tables and figures, from the results", [o] { report(*o); });
}

}  // namespace respine
