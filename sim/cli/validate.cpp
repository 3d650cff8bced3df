// respine validate: runs the scenarios behind the target table and says, row by row, whether the model reproduces the observation.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/measure.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/jobs.hpp"
#include "sim/cli/python.hpp"
#include "sim/cli/threads.hpp"
#include "sim/io/library.hpp"

namespace respine {

namespace {

struct ValidateOptions {
    std::vector<std::string> only;
    std::string work = "validation";
    int seeds = 5, threads = 0;
    bool json = false, quick = false, update = false, quiet = false;
};

const char* verdict_text(Verdict v) {
    switch (v) {
        case Verdict::kPass: return "pass";
        case Verdict::kMiss: return "MISS";
        case Verdict::kUndecided: return "undecided";
        case Verdict::kInput: return "input";
    }
    return "";
}

std::vector<TargetRow> wanted_rows(const ValidateOptions& o) {
    std::vector<TargetRow> rows = read_targets(config_folder() + "/reference/targets.csv");
    std::vector<std::string> ids;
    for (const TargetRow& r : rows) ids.push_back(r.id);
    for (const std::string& id : o.only)
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) fail(Exit::kUsage, "--only: there is no target '{}'{}", id, suggestion(id, ids));
    if (!o.only.empty()) std::erase_if(rows, [&](const TargetRow& r) { return std::find(o.only.begin(), o.only.end(), r.id) == o.only.end(); });
    return rows;
}

Job job_of(const ValidateOptions& o, const std::string& scenario, u64 seed) {
    Settings settings = {{"seed", std::to_string(seed)}};
    const Scenario s = load_scenario(scenario, {});
    if (o.quick && s.network.kind == "sheet") {
        settings.emplace_back("network.neurons", "500");
        settings.emplace_back("network.synapses_per_neuron", "100");
        if (s.cohort > 0) settings.emplace_back("cohort.subjects", "40");
    }
    return {scenario, fmt::format("{}/{}-{}.h5", o.work, scenario, seed), settings};
}

void print_table(const std::vector<Outcome>& outcomes) {
    fmt::print("{:<22} {:>11} {:>19} {:>20} {:<17} {:<5} {:<4} {}\n", "target", "published", "accepted", "simulated", "unit", "mark", "must", "verdict");
    for (const Outcome& o : outcomes) {
        const bool range = std::isfinite(o.row.low);
        const std::string accepted = range ? fmt::format("[{:g}, {:g}]", o.row.low, o.row.high) : o.row.kind;
        const std::string published = std::isfinite(o.row.value) ? fmt::format("{:g}", o.row.value) : "-";
        std::string simulated = fmt::format("{:.4g}", o.mean) + (std::isfinite(o.error) ? fmt::format(" ± {:.2g}", o.error) : "");
        if (!range && std::isfinite(o.reference_mean)) simulated += fmt::format(" / {:.3g}", o.reference_mean);
        const size_t wide = simulated.find("±") == std::string::npos ? 20 : 21;  // one character of two bytes
        fmt::print("{:<22} {:>11} {:>19} {:>{}} {:<17} {:<5} {:<4} {}{}\n", o.row.id, published, accepted, simulated, wide, o.row.unit, o.row.mark,
                   o.row.must ? "must" : "", verdict_text(o.verdict), o.note.empty() ? "" : " (" + o.note + ")");
    }
}

void print_json(const std::vector<Outcome>& outcomes) {
    nlohmann::json all = nlohmann::json::array();
    const auto number = [](double v) { return std::isfinite(v) ? nlohmann::json(v) : nlohmann::json(nullptr); };
    for (const Outcome& o : outcomes)
        all.push_back({{"id", o.row.id},
                       {"scenario", o.row.scenario},
                       {"reference", o.row.reference},
                       {"observable", o.row.observable},
                       {"at", o.row.at},
                       {"kind", o.row.kind},
                       {"published", number(o.row.value)},
                       {"low", number(o.row.low)},
                       {"high", number(o.row.high)},
                       {"unit", o.row.unit},
                       {"source", o.row.source},
                       {"mark", o.row.mark},
                       {"must", o.row.must},
                       {"by_seed", o.by_seed},
                       {"mean", number(o.mean)},
                       {"error", number(o.error)},
                       {"reference_mean", number(o.reference_mean)},
                       {"verdict", verdict_text(o.verdict)}});
    std::cout << all.dump(1) << "\n";
}

std::set<std::string> read_passed(const std::string& path) {
    std::set<std::string> ids;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#') ids.insert(line);
    return ids;
}

void validate(const ValidateOptions& o, int& exit_code) {
    const std::vector<TargetRow> rows = wanted_rows(o);
    make_folder(o.work);
    std::vector<Job> jobs;
    for (const std::string& s : scenarios_of(rows))
        for (u64 seed = 1; seed <= static_cast<u64>(o.seeds); ++seed) jobs.push_back(job_of(o, s, seed));
    run_jobs(std::move(jobs), choose_threads(o.threads).threads, "validate", o.quiet ? ProgressStyle::kOff : ProgressStyle::kText);

    const FileOf file_of = [&](const std::string& scenario, u64 seed) { return job_of(o, scenario, seed).file; };
    OpenRuns runs;
    std::vector<Outcome> outcomes;
    for (const TargetRow& r : rows) outcomes.push_back(measure(r, o.seeds, file_of, runs));
    if (o.json) print_json(outcomes);
    else print_table(outcomes);

    size_t passed = 0, counted = 0, must_missed = 0;
    for (const Outcome& x : outcomes) {
        if (x.verdict == Verdict::kInput) continue;
        ++counted;
        if (x.verdict == Verdict::kPass) ++passed;
        else if (x.row.must) ++must_missed;
    }
    fmt::print(stderr, "{} of {} targets pass with {} seeds; {} of those that must pass do not\n", passed, counted, o.seeds, must_missed);

    const std::string record = config_folder() + "/reference/passed.csv";
    const std::set<std::string> before = read_passed(record);
    for (const Outcome& x : outcomes)
        if (!o.quick && before.contains(x.row.id) && x.verdict != Verdict::kPass) {
            fmt::print(stderr, "{} passed before and is now: {}\n", x.row.id, verdict_text(x.verdict));
            exit_code = static_cast<int>(Exit::kMissed);
        }
    if (!o.update) return;
    std::ofstream out(record);
    out << "# Targets that pass; `respine validate` exits with 1 when one of them does not. Written by `respine validate --update-passed`.\n";
    for (const Outcome& x : outcomes)
        if (x.verdict == Verdict::kPass) out << x.row.id << "\n";
    if (!out.flush()) fail(Exit::kIo, "{}: error: cannot be written", record);
}

}  // namespace

void add_validate(CLI::App& app, int& exit_code) {
    const auto o = std::make_shared<ValidateOptions>();
    app.add_option("--only", o->only, "targets by id (first column of configs/reference/targets.csv)");
    app.add_option("--work", o->work, "folder of the run files; finished runs there are used again");
    app.add_option("--seeds", o->seeds, "seeds of each scenario")->check(CLI::Range(1, 1000));
    app.add_option("--threads", o->threads, "runs at a time")->check(CLI::Range(1, 4096));
    app.add_flag("--json", o->json, "print JSON");
    app.add_flag("--quick", o->quick, "small networks and cohorts: a smoke test that decides little");
    app.add_flag("--update-passed", o->update, "write the targets that pass into configs/reference/passed.csv");
    app.add_flag("-q,--quiet", o->quiet, "no progress");
    app.callback([o, &exit_code] { validate(*o, exit_code); });
}

}  // namespace respine
