// respine calibrate: fits parameters to targets, many runs side by side, and goes on where it was stopped.

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "analysis/calibrate/fit_report.hpp"
#include "analysis/validate/measure.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/jobs/jobs.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

struct CalibrateOptions {
    std::string spec, work;
    int threads = 0;
    bool json = false, quiet = false;
};

// Everything that decides an evaluation, apart from the point: program, targets, and the inputs of every
// scenario at the start. Reading them also reports a scenario that cannot run before anything runs.
std::string inputs_text(const CalibrationSpec& spec) {
    std::string text = "version " + version_text() + "\n";
    std::vector<TargetRow> rows = spec.targets;
    rows.insert(rows.end(), spec.held_back.begin(), spec.held_back.end());
    need_sessions(rows, [](const std::string& scenario) { return load_scenario(scenario, {}); });
    for (const TargetRow& r : rows)
        text += fmt::format("target {} {} {} {} {} {} {} {}\n", r.id, r.scenario, r.reference,
                            text_of(r.words), r.kind, r.value, r.low, r.high);
    std::vector<double> start;
    for (const FitParameter& p : spec.parameters) {
        start.push_back(p.start);
        text += fmt::format("parameter {} {} {} {} {}\n", p.path, p.low, p.high, p.start, p.unit);
    }
    for (const std::string& name : scenarios_of(rows)) {
        const Inputs inputs =
            load_inputs(load_scenario(name, settings_of(spec, name, spec.first_seed, start)));
        text += resolved_inputs(inputs) + inputs.network.text;
        for (const Drug& d : inputs.drugs) text += d.text;
    }
    return text;
}

// The folder of one calibration: made, or found again with the same specification and inputs, and locked.
class WorkFolder {
public:
    WorkFolder(const std::string& path, const CalibrationSpec& spec) : path_(path) {
        make_folder(path);
        if (!fs::exists(path_ / "spec.yaml") && !fs::is_empty(path_))
            fail(Exit::kIo, "{}: error: is not empty and holds no calibration; choose another --work", path);
        lock();
        keep("spec.yaml", spec.text,
             fmt::format("the folder belongs to another specification than {}", spec.file));
        keep("inputs.txt", inputs_text(spec),
             "scenarios, models, drugs, targets or program have changed since these evaluations were made");
        fs::remove_all(runs());  // of an evaluation that was cut short
    }

    fs::path operator/(const char* name) const { return path_ / name; }
    fs::path runs() const { return path_ / "runs"; }

private:
    // Runs inherit the lock, so that runs which outlive a killed calibration keep a new one out until they
    // end.
    void lock() const {
        const std::string file = (path_ / "lock").string();
        const int descriptor = open(file.c_str(), O_CREAT | O_RDWR, 0666);
        if (descriptor < 0) fail(Exit::kIo, "{}: error: cannot be written", file);
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
            fail(Exit::kIo, "{}: error: another calibration, or one of its runs, is still at work here",
                 path_.string());
    }

    void keep(const char* name, const std::string& text, const std::string& difference) const {
        const fs::path file = path_ / name;
        if (!fs::exists(file)) return write_text(file.string(), text);
        if (read_bytes(file.string()) != text)
            fail(Exit::kIo, "{}: error: {}; choose another --work, or remove this folder", file.string(),
                 difference);
    }

    fs::path path_;
};

std::vector<Simulated> simulated_at(const CalibrationSpec& spec, const std::vector<TargetRow>& rows,
                                    const fs::path& runs, int threads, const std::vector<double>& point) {
    fs::create_directories(runs);
    const Scratch folder(runs.string());
    const FileOf file_of = [&](const std::string& scenario, u64 k) {
        return job_file(runs.string(), scenario, std::to_string(k));
    };
    std::vector<Job> jobs;
    for (const std::string& s : scenarios_of(rows))
        for (u64 k = 1; k <= static_cast<u64>(spec.seeds); ++k)
            jobs.push_back({s, file_of(s, k), settings_of(spec, s, spec.first_seed + k - 1, point)});
    run_jobs(std::move(jobs), threads, "calibrate", ProgressStyle::kOff);
    OpenRuns open;
    std::vector<Simulated> simulated;
    for (const TargetRow& r : rows) {
        const TargetResult o = measure(r, spec.seeds, file_of, open);
        simulated.push_back({o.mean, o.reference_mean});
    }
    return simulated;
}

std::vector<std::string> ids_of(const std::vector<TargetRow>& rows) {
    std::vector<std::string> ids;
    for (const TargetRow& r : rows) ids.push_back(r.id);
    return ids;
}

// Held-back targets are simulated after the search, at its two ends, so nothing in it can depend on them.
void show_held_back(const WorkFolder& work, int threads, const std::vector<std::string>& paths,
                    FitReport& report) {
    const CalibrationSpec& spec = report.spec;
    if (spec.held_back.empty()) return;
    Evaluations known((work / "held-back.csv").string(), paths, ids_of(spec.held_back));
    const Simulate simulate = [&](const std::vector<double>& point) {
        return simulated_at(spec, spec.held_back, work.runs(), threads, point);
    };
    report.held_before = evaluate(spec.held_back, report.fit.start.parameters, simulate, known);
    report.held_after = evaluate(spec.held_back, report.fit.best.parameters, simulate, known);
}

void calibrate_command(const CalibrateOptions& o) {
    const CalibrationSpec spec = load_calibration(o.spec);
    const int threads = choose_threads(o.threads).threads;
    const WorkFolder work(o.work.empty() ? "calibration-" + spec.name : o.work, spec);
    std::vector<std::string> paths;
    for (const FitParameter& p : spec.parameters) paths.push_back(p.path);
    Evaluations known((work / "evaluations.csv").string(), paths, ids_of(spec.targets));
    const size_t before = known.size(),
                 most = 1 + static_cast<size_t>(spec.search.global) + static_cast<size_t>(spec.search.local);

    const auto began = wall_now();
    Progress progress(o.quiet ? ProgressStyle::kOff : ProgressStyle::kText, "calibrate " + spec.name,
                      static_cast<Tick>(before), static_cast<Tick>(std::max(most, before + 1)),
                      "evaluations");
    const Simulate simulate = [&](const std::vector<double>& point) {
        progress.show(static_cast<Tick>(known.size()), false);
        return simulated_at(spec, spec.targets, work.runs(), threads, point);
    };
    FitReport report{.spec = spec,
                     .fit = calibrate(spec.parameters, spec.targets, spec.search, simulate, known),
                     .held_before = {},
                     .held_after = {},
                     .best_file = {}};
    if (known.size() > before) progress.show(static_cast<Tick>(known.size()), true);
    report.evaluated = known.size() - before;
    report.known = before;
    report.failed = known.failed();
    show_held_back(work, threads, paths, report);
    report.seconds = seconds_since(began);
    report.best_file = (work / "best.yaml").string();
    write_text((work / "best.yaml").string(), best_yaml(report));
    std::cout << (o.json ? json_text(as_json(report)) + "\n" : as_text(report));
}

}  // namespace

void add_calibrate(CLI::App& app, int&) {
    const auto o = std::make_shared<CalibrateOptions>();
    app.add_option("spec", o->spec, "specification: a file, or a name in configs/calibrations")->required();
    app.add_option(
        "--work", o->work,
        "folder of the evaluations, calibration-NAME unless given; a stopped calibration goes on there");
    app.add_option("--threads", o->threads, "runs at a time")->check(CLI::Range(1, 4096));
    app.add_flag("--json", o->json, "print JSON");
    app.add_flag("-q,--quiet", o->quiet, "no progress");
    app.callback([o] { calibrate_command(*o); });
}

}  // namespace respine
