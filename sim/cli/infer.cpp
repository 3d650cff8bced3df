// respine infer: every parameter set that the data allow. Waves of simulations by the machinery of studies,
// between them and behind them the statistics in Python.

#include "sim/cli/infer.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "analysis/study/study_plan.hpp"
#include "sim/cli/commands.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/stop.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace fs = std::filesystem;

Inference::Inference(const InferOptions& o)
    : spec(load_inference(o.spec, {o.targets, o.hypothesis})),
      folder(o.work.empty() ? "inference-" + spec.name : o.work),
      checks(static_cast<u32>(o.check)) {}

std::string Inference::name_of(u32 wave) const {
    return wave <= spec.waves ? std::to_string(wave) : fmt::format("check-{}", checks);
}

void Inference::claim() const {
    make_folder(folder);
    const FolderLock lock(folder);
    const std::string plan = plan_json(spec);
    if (!fs::exists(file("plan.json"))) {
        if (std::find_if(fs::directory_iterator(folder), fs::directory_iterator(), [](const auto& entry) {
                return !entry.path().filename().string().starts_with('.');
            }) != fs::directory_iterator())
            fail(Exit::kIo, "{}: error: is not empty and holds no inference; choose another --work", folder);
        write_text(file("plan.json"), plan);
    } else if (read_bytes(file("plan.json")) != plan) {
        fail(Exit::kIo,
             "{}: error: belongs to another specification, other targets or another program than {}; choose "
             "another --work, or remove this folder",
             file("plan.json"), spec.file);
    }
}

UnitPoints Inference::points_of_wave(u32 wave) const {
    const FolderLock lock(folder);
    if (fs::exists(points(wave))) return read_points(points(wave), spec);
    if (wave == 1)
        write_points(points(1), spec, first_points(spec));
    else if (wave > spec.waves)
        write_points(points(wave), spec, drawn_points(spec, checks));
    else
        run_python(kStatistics, {"propose", folder, std::to_string(wave)}, "The waves before it stand.");
    return read_points(points(wave), spec);
}

bool run_whole(const InferOptions& o, Study& study, const Shard& shard) {
    study.runner.units();
    int failures = 0;
    run_shard(o, study, shard, division_of(o, study, shard), failures);
    const bool together = shard.source != "--shard" && shard.source != "whole";
    while (study.table().missing() > 0) {
        if (!together || stop_reason() != StopReason::kNone) {
            fmt::print("{}: {} runs of other shards are missing; run them, and then this command once more\n",
                       study.spec.name, study.table().missing());
            return false;
        }
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    const FolderLock lock(study.folder);
    const StudyTable table = study.table();
    write_results(table, study.folder);
    if (table.failed() > 0 && !o.quiet)
        fmt::print(stderr, "{}: in {} of {} runs the model failed; those sets have no value there\n",
                   study.spec.name, table.failed(), table.points.size());
    return true;
}

namespace {

// Returns whether the wave is whole. A parameter set for which the model fails stays without values there.
bool run_wave(const InferOptions& o, const Inference& inference, u32 wave, const Shard& shard) {
    if (fs::exists(inference.values(wave))) return true;
    const UnitPoints points = inference.points_of_wave(wave);
    Study study(study_of_wave(inference.spec, inference.name_of(wave), wave, points), inference.runs(wave));
    if (!run_whole(o, study, shard)) return false;
    const FolderLock lock(inference.folder);
    if (fs::exists(inference.values(wave))) return true;
    write_text(inference.values(wave) + ".part", values_csv(inference.spec, study.table(), points));
    fs::rename(inference.values(wave) + ".part", inference.values(wave));
    return true;
}

void print_inference_plan(const InferOptions& o, const Inference& inference) {
    const UnitPoints points = first_points(inference.spec);
    Study study(study_of_wave(inference.spec, "1", 1, points), inference.runs(1));
    study.runner.units();
    fmt::print("inference       {} parameters from {} targets in {} scenarios; {} waves, each:\n",
               inference.spec.study.factors.size(), inference.spec.targets.size(), study.spec.arms.size(),
               inference.spec.waves);
    print_study_plan(study.spec, study.points, study.runner, division_of(o, study, {}).jobs);
}

// Whether this process is the one that ends the work.
bool is_last(const Shard& shard) { return shard.number == shard.of || shard.source == "--shard"; }

// Returns whether there is a posterior.
bool infer_one(const InferOptions& o, const Inference& inference) {
    const Shard shard = shard_of(o.shard);
    inference.claim();
    for (u32 wave = 1; wave <= inference.spec.waves + (o.check > 0 ? 1 : 0); ++wave)
        if (!run_wave(o, inference, wave, shard)) return false;
    if (!is_last(shard)) return false;
    const FolderLock lock(inference.folder);
    std::vector<std::string> words = {"posterior", inference.folder};
    if (o.leave_out) words.push_back("--leave-out");
    if (o.check > 0) words.insert(words.end(), {"--check", std::to_string(o.check)});
    run_python(kStatistics, words, "The simulations stand.");
    return true;
}

// Every shipped hypothesis on the same targets, and the evidence of each.
void infer_rivals(const InferOptions& o) {
    std::vector<std::string> words = {"weigh", o.work.empty() ? "rivals" : o.work};
    make_folder(words[1]);
    for (const std::string& name : names_of("hypotheses")) {
        InferOptions own = o;
        own.hypothesis = name;
        own.work = words[1] + "/" + name;
        if (!infer_one(own, Inference(own))) return;
        words.push_back(name);
    }
    run_python(kStatistics, words, "The inferences stand.");
    std::cout << read_bytes(words[1] + (o.json ? "/rivals.json" : "/rivals.txt"));
}

void infer(const InferOptions& o) {
    const double wall_seconds = wall_clock_seconds("--walltime", o.walltime);
    omp_set_num_threads(1);  // threads that exist now would be missing in the workers
    if (o.dry_run) return print_inference_plan(o, Inference(o));
    watch_for_stop(wall_seconds);
    if (o.rivals) return infer_rivals(o);
    const Inference inference(o);
    if (!o.design.empty()) return run_design(o, inference);
    if (!infer_one(o, inference)) return;
    std::cout << read_bytes(inference.file(o.json ? "posterior.json" : "summary.txt"));
}

}  // namespace

void add_infer(CLI::App& app, int&) {
    const auto o = std::make_shared<InferOptions>();
    app.add_option("spec", o->spec, "specification: a file, or a name in configs/inferences")->required();
    app.add_option(
        "--work", o->work,
        "folder of simulations and posterior, inference-NAME unless given; a stopped inference goes "
        "on there");
    app.add_option("--targets", o->targets,
                   "measurements of your own besides the targets of the specification (CSV, TSV, PEtab)")
        ->check(CLI::ExistingFile);
    app.add_flag("--leave-out", o->leave_out,
                 "leave out the rows of one study after the other, and predict them");
    app.add_option("--check", o->check,
                   "simulation-based calibration with this many data sets that the model itself makes")
        ->check(CLI::Range(20, 100000));
    auto* hypothesis =
        app.add_option("--hypothesis", o->hypothesis, "rival account instead of that of the specification");
    auto* rivals =
        app.add_flag("--rivals", o->rivals, "every shipped hypothesis in turn, weighed by evidence");
    rivals->excludes(hypothesis);
    app.add_option("--design", o->design,
                   "of a finished inference: which measurement would narrow this target's prediction most")
        ->excludes(rivals);
    app.add_option("--members", o->members, "with --design: parameter sets that run through the experiments")
        ->check(CLI::Range(20, 10000));
    app.add_option("--jobs", o->jobs, "runs at a time; as many as cores without it")
        ->check(CLI::Range(1, 4096));
    app.add_option("--threads", o->threads, "cores in all")->check(CLI::Range(1, 4096));
    app.add_option("--shard", o->shard,
                   "i/n: every n-th run from the i-th; by default the task of a Slurm array or the rank of "
                   "mpirun");
    app.add_option("--walltime", o->walltime,
                   "stop before this much time is used, with checkpoints, exit 75");
    app.add_flag("--dry-run", o->dry_run, "runs, core-hours by a pilot, memory and disk; nothing is kept");
    app.add_flag("--json", o->json, "print the result as JSON");
    app.add_flag("-q,--quiet", o->quiet, "no progress");
    app.callback([o] { infer(*o); });
}

}  // namespace respine
