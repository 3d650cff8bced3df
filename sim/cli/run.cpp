// respine run: one scenario into one run file, from its start or from a checkpoint, by one process or by
// ranks that share the network.

#include "sim/jobs/run.hpp"

#include "sim/cli/commands.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/rank_errors.hpp"

namespace respine {

namespace {

void run_fresh(const RunOptions& o, Ranks& ranks) {
    Settings settings;
    for (const std::string& text : o.set) settings.push_back(parse_setting(text));
    if (o.seed >= 0) settings.emplace_back("seed", std::to_string(o.seed));
    if (!o.ensemble.empty()) return run_members(o, ranks, settings);
    if (o.seeds > 0) return run_seeds(o, ranks, settings);
    run_inputs(o, ranks, load_inputs(load_scenario(o.scenario, settings)));
}

void run(RunOptions& o) {
    o.command = command_line;
    if (o.scenario.empty() && o.resume.empty()) throw CLI::RequiredError("scenario, or --resume,");
    o.safety.checkpoint_seconds();  // a mistake shows before anything is done
    watch_for_stop(o.safety.wall_seconds());
    Ranks& ranks = ranks_for(o);
    on_all_ranks(ranks, [&] { o.resume.empty() ? run_fresh(o, ranks) : run_resumed(o, ranks); });
}

}  // namespace

void add_run(CLI::App& app, int&) {
    const auto o = std::make_shared<RunOptions>();
    app.add_option("scenario", o->scenario, "scenario file, or name (see: respine list scenarios)");
    std::vector<CLI::Option*> fresh_only = {
        app.add_option("-o,--output", o->output, "run file; NAME.h5 when not given"),
        app.add_option("--set", o->set,
                       "path=value: a key of the scenario, or a parameter of the model (bdnf.clearance=2h)"),
        app.add_option("--seed", o->seed, "seed of every random number")
            ->check(CLI::Range(0LL, 9007199254740991LL))};
    fresh_only.push_back(
        app.add_option("--seeds", o->seeds,
                       "this many runs, with one seed after another, into NAME-seed1.h5 and so on")
            ->check(CLI::Range(1, 100000)));
    add_ensemble(app, o->ensemble, o->members,
                 "a run for each parameter set that data allow, into NAME-member1.h5 and so on");
    for (const char* option : {"--ensemble", "--members"}) fresh_only.push_back(app.get_option(option));
    app.get_option("--ensemble")->excludes("--seeds");
    app.add_option("--threads", o->threads, "threads; else SLURM_CPUS_PER_TASK, OMP_NUM_THREADS, affinity")
        ->check(CLI::Range(1, 4096));
    fresh_only.push_back(app.add_flag("--force", o->force, "replace an existing output"));
    fresh_only.push_back(app.add_flag(
        "--dry-run", o->dry_run, "check, print the resolved scenario and the estimated cost, write nothing"));
    app.add_flag("--alone", o->alone,
                 "under mpirun or srun: share nothing, each process makes a run of its own");
    app.add_option("--checkpoint-every", o->safety.checkpoint_every,
                   "wall-clock time between checkpoints, such as 10min; written to NAME.h5.ckpt");
    app.add_option(
        "--walltime", o->safety.walltime,
        "wall-clock time after which the run stops with a checkpoint and exit code 75, such as 2h");
    CLI::Option* resume = app.add_option("--resume", o->resume,
                                         "go on with a stopped run: NAME.h5.ckpt or NAME.h5.ckpt.prev; "
                                         "NAME.h5 and NAME.h5.part mean NAME.h5.ckpt");
    for (CLI::Option* option : fresh_only) resume->excludes(option);
    app.add_option(
           "--ranks", o->ranks,
           "with --dry-run: as if this many processes shared the network (mpirun -n RANKS respine run ...)")
        ->check(CLI::Range(1, 1 << 20))
        ->needs("--dry-run");
    app.add_flag("-q,--quiet", o->quiet, "no progress, no closing line");
    app.add_flag("-v,--verbose", o->verbose, "what the run is made of and what it cost");
    app.add_option("--progress", o->progress, "text or json")->check(CLI::IsMember({"text", "json"}));
    app.callback([o] { run(*o); });
}

}  // namespace respine
