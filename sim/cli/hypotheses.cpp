// respine hypotheses: rival accounts of how ketamine works, on one table of observations, and the experiment
// that tells two of them apart best.

#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/rivals/rival_table.hpp"
#include "analysis/validate/measure.hpp"
#include "sim/cli/commands.hpp"
#include "sim/jobs/jobs.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

struct HypothesesOptions {
    std::vector<std::string> only, own, scenarios;
    std::string work = "hypotheses", html;
    int seeds = 2, neurons = 500, synapses = 100, threads = 0;
    u32 draws = 200;
    bool json = false, quiet = false;
};

std::string file_of(const HypothesesOptions& o, const Rival& rival, const std::string& scenario, u64 seed) {
    return job_file(o.work, rival.text.name, scenario + "-" + std::to_string(seed));
}

std::vector<Job> jobs_of(const HypothesesOptions& o, const std::vector<Rival>& rivals,
                         const std::vector<std::string>& scenarios) {
    std::vector<Job> jobs;
    for (const Rival& rival : rivals)
        for (const std::string& s : scenarios)
            for (int seed = 1; seed <= o.seeds; ++seed)
                jobs.push_back({s,
                                file_of(o, rival, s, static_cast<u64>(seed)),
                                {{"seed", std::to_string(seed)},
                                 {"network.neurons", std::to_string(o.neurons)},
                                 {"network.synapses_per_neuron", std::to_string(o.synapses)},
                                 {"record.snapshots", "[]"},
                                 {"hypothesis", std::filesystem::absolute(rival.text.file).string()}}});
    return jobs;
}

// A rival whose run failed has no value there.
TargetResult measured(const HypothesesOptions& o, const Rival& rival, const TargetRow& row, OpenRuns& runs) {
    const FileOf place = [&](const std::string& s, u64 seed) { return file_of(o, rival, s, seed); };
    try {
        return measure(row, o.seeds, place, runs);
    } catch (const Error& e) {
        if (e.code() != Exit::kInput) throw;
        return judge(row, {}, {});
    }
}

void score(const HypothesesOptions& o, RivalTable& c, const std::vector<TargetRow>& rows) {
    c.fitted = fitted_rows(c.rivals);
    for (const Rival& rival : c.rivals) {
        OpenRuns runs;
        auto& results = c.results.emplace_back();
        auto& scores = c.scores.emplace_back();
        for (const TargetRow& row : rows) {
            results.push_back(measured(o, rival, row, runs));
            scores.push_back(score_of(results.back()));
        }
    }
}

RivalTable compared(const HypothesesOptions& o) {
    RivalTable c;
    c.rivals = rivals_of(o.only, o.own);
    c.arms = arms_of(o.scenarios);
    const std::vector<std::string> scenarios = all_scenarios(c.arms);
    const std::string reference = config_folder() + "/reference/";
    c.readouts = read_readouts(reference + "readouts.csv");
    const std::vector<TargetRow> table = read_targets(reference + "targets.csv");
    make_folder(o.work);
    if (!o.html.empty()) need_folder_of(o.html);
    c.failed = try_jobs(jobs_of(o, c.rivals, scenarios), choose_threads(o.threads).threads, "hypotheses",
                        o.quiet ? ProgressStyle::kOff : ProgressStyle::kText);
    score(o, c, rows_for_rivals(table, scenarios));
    if (o.seeds > 1) recover_planted(c, o.draws);
    const RunOf run_of = [&](size_t rival, const std::string& s, int seed) {
        return file_of(o, c.rivals[rival], s, static_cast<u64>(seed));
    };
    Progress progress(o.quiet ? ProgressStyle::kOff : ProgressStyle::kText, "hypotheses: reading", 0,
                      static_cast<Tick>(c.arms.size()), "scenarios");
    c.predictions = predictions(c.arms, c.readouts, c.rivals.size(), o.seeds, run_of,
                                [&](size_t read) { progress.show(static_cast<Tick>(read), false); });
    return c;
}

void hypotheses(const HypothesesOptions& o) {
    const RivalTable c = compared(o);
    const nlohmann::json json = as_json(c);
    const std::string path = o.work + "/hypotheses.json";
    write_text(path, json_text(json) + "\n");
    if (o.json) {
        std::cout << json_text(json) << "\n";
    } else {
        print_table_of_rivals(c);
    }
    if (!c.failed.empty())
        fmt::print(stderr, "{} runs failed because the model did; their rival has no value there: {}\n",
                   c.failed.size(), fmt::join(c.failed, ", "));
    if (!o.html.empty()) run_python("hypotheses.py", {path, "--html", o.html}, "The table above stands.");
}

}  // namespace

void add_hypotheses(CLI::App& app, int&) {
    const auto o = std::make_shared<HypothesesOptions>();
    app.add_option("--only", o->only, "hypotheses by name (see: respine list hypotheses); all without it");
    app.add_option("--with", o->own, "files of your own hypotheses")->check(CLI::ExistingFile);
    app.add_option("--scenarios", o->scenarios, "scenarios by name; all that fit without it");
    app.add_option("--work", o->work, "folder of the run files; finished runs there are used again");
    app.add_option("--seeds", o->seeds, "seeds of each run; 1 leaves out whether a planted truth is found")
        ->check(CLI::Range(1, 1000));
    app.add_option("--neurons", o->neurons, "neurons of each network")->check(CLI::Range(50, 1000000));
    app.add_option("--synapses-per-neuron", o->synapses, "healthy in-degree of each")
        ->check(CLI::Range(5, 30000));
    app.add_option("--draws", o->draws, "data sets that each rival makes")->check(CLI::Range(1, 1000000));
    app.add_option("--threads", o->threads, "runs at a time")->check(CLI::Range(1, 4096));
    app.add_flag("--json", o->json, "print JSON");
    app.add_option("--html", o->html, "write one page with figures into this file: it needs no network");
    app.add_flag("-q,--quiet", o->quiet, "no progress");
    app.callback([o] { hypotheses(*o); });
}

}  // namespace respine
