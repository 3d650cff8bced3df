// respine validate: runs the scenarios behind the target table and says, row by row, whether the model
// reproduces the observation.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "analysis/validate/measure.hpp"
#include "analysis/validate/result_table.hpp"
#include "sim/cli/commands.hpp"
#include "sim/jobs/ensemble.hpp"
#include "sim/jobs/jobs.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

struct ValidateOptions {
    std::vector<std::string> only;
    std::string work = "validation", html, docs, ensemble, targets;
    int seeds = 0, threads = 0, members = 0;
    std::optional<Ensemble> sets;  // parameter sets of `ensemble`; seeds count them, and all runs have one
    double size = 1.0;             // factor on the neurons of every sheet
    bool json = false, quick = false, must = false, update = false, quiet = false;
    // Small networks miss some by chance, and of one's own targets nobody knows which passed before.
    bool judges_must_alone() const { return quick || !targets.empty(); }
};

std::vector<TargetRow> wanted_rows(const ValidateOptions& o, std::vector<TargetRow> rows) {
    std::vector<std::string> ids;
    for (const TargetRow& r : rows) ids.push_back(r.id);
    for (const std::string& id : o.only)
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            fail(Exit::kUsage, "--only: there is no target '{}'{}", id, suggestion(id, ids));
    std::erase_if(rows, [&](const TargetRow& r) {
        const bool named = o.only.empty() || std::find(o.only.begin(), o.only.end(), r.id) != o.only.end();
        return !named || (o.must && !r.must);
    });
    if (o.must && rows.empty())
        fail(Exit::kUsage, "--must: none of the targets of --only has to pass; leave out --must to see them");
    return rows;
}

std::string file_of(const ValidateOptions& o, const std::string& scenario, u64 seed) {
    return job_file(o.work, scenario,
                    o.sets ? fmt::format("member{}", o.sets->numbers[seed - 1]) : std::to_string(seed));
}

Job job_of(const ValidateOptions& o, const std::string& scenario, u64 seed) {
    Settings settings = {{"seed", std::to_string(o.sets ? 1 : seed)}};
    if (o.sets)
        for (const auto& setting : o.sets->settings(seed - 1)) settings.push_back(setting);
    const Scenario s = load_scenario(scenario, {});
    const bool sheet = s.network.kind == NetworkKind::kSheet;
    if (o.quick && sheet) {
        settings.emplace_back("network.neurons", "500");
        settings.emplace_back("network.synapses_per_neuron", "100");
    } else if (sheet && o.size != 1.0) {
        settings.emplace_back("network.neurons", fmt::format("{:.0f}", o.size * s.network.neurons));
    }
    // Seeds share the subjects: all of them together are as many as the scenario asks for.
    const u32 share =
        o.quick || o.sets ? 40 : (s.cohort + static_cast<u32>(o.seeds) - 1) / static_cast<u32>(o.seeds);
    if (s.cohort > 0) settings.emplace_back("cohort.subjects", std::to_string(share));
    return {scenario, file_of(o, scenario, seed), settings};
}

// "2000 neurons x 200 synapses", "300 subjects of 500 neurons x 100 synapses", "0.1 of microcircuit".
std::string size_text(const Scenario& s) {
    const std::string network =
        s.network.neurons > 0
            ? fmt::format("{} neurons x {} synapses", s.network.neurons, s.network.synapses_per_neuron)
            : fmt::format("{:g} of {}", s.network.scale, s.network.name);
    return s.cohort > 0 ? fmt::format("{} subjects of {}", s.cohort, network) : network;
}

Scenario as_run(const ValidateOptions& o, const std::string& scenario) {
    return load_scenario(scenario, job_of(o, scenario, 1).settings);
}

// What the numbers rest on: scenarios by size.
void print_sizes(const ValidateOptions& o, const std::vector<TargetRow>& rows) {
    std::map<std::string, std::string> by_size;
    for (const std::string& s : scenarios_of(rows)) by_size[size_text(as_run(o, s))] += " " + s;
    fmt::print("\n{} of each scenario:\n", o.seeds == 1 ? "1 seed" : fmt::format("{} seeds", o.seeds));
    for (const auto& [size, names] : by_size) fmt::print("{}:{}\n", size, names);
}

std::string json_of(const ValidateOptions& options, const std::vector<TargetResult>& outcomes) {
    nlohmann::json all = nlohmann::json::array();
    for (const TargetResult& o : outcomes) {
        const Scenario size = as_run(options, o.row.scenario);
        all.push_back({{"id", o.row.id},
                       {"scenario", o.row.scenario},
                       {"reference", o.row.reference},
                       {"observable", o.row.what},
                       {"quantity", o.row.words.quantity},
                       {"take", o.row.words.take},
                       {"at", o.row.words.time},
                       {"against", o.row.words.against},
                       {"kind", o.row.kind},
                       {"published", finite_or_null(o.row.value)},
                       {"low", finite_or_null(o.row.low)},
                       {"high", finite_or_null(o.row.high)},
                       {"unit", o.row.unit},
                       {"source", o.row.source},
                       {"doi", o.row.doi},
                       {"mark", o.row.mark},
                       {"evidence", o.row.evidence},
                       {"must", o.row.must},
                       {"by_seed", o.by_seed},
                       {"mean", finite_or_null(o.mean)},
                       {"error", finite_or_null(o.error)},
                       {"reference_mean", finite_or_null(o.reference_mean)},
                       {"verdict", verdict_text(o.verdict)},
                       {"note", o.note},
                       {"reason", o.reason},
                       {"seeds", options.seeds},
                       {"neurons", size.network.neurons},
                       {"synapses_per_neuron", size.network.synapses_per_neuron},
                       {"scale", size.network.scale},
                       {"subjects", size.cohort}});
    }
    return json_text(all) + "\n";
}

std::set<std::string> read_passed(const std::string& path) {
    std::set<std::string> ids;
    std::ifstream in(path);
    for (std::string line; next_line(in, line);)
        if (!line.empty() && line.front() != '#') ids.insert(line);
    return ids;
}

// The script reads the outcomes as JSON, and the curves from the run files beside them.
void write_report(const ValidateOptions& o, const std::string& outcomes) {
    const std::string path = o.work + "/outcomes.json";
    write_text(path, outcomes);
    std::vector<std::string> words = {"--work", o.work,        "--outcomes",
                                      path,     "--reference", config_folder() + "/reference"};
    if (o.quick) words.emplace_back("--quick");
    if (!o.html.empty()) words.insert(words.end(), {"--html", o.html});
    if (!o.docs.empty()) words.insert(words.end(), {"--docs", o.docs});
    run_python("report.py", words, "The outcomes above stand.");
}

void run_scenarios(const ValidateOptions& o, const std::vector<TargetRow>& rows) {
    std::vector<Job> jobs;
    for (const std::string& s : scenarios_of(rows))
        for (u64 seed = 1; seed <= static_cast<u64>(o.seeds); ++seed) jobs.push_back(job_of(o, s, seed));
    run_jobs(std::move(jobs), choose_threads(o.threads).threads, "validate",
             o.quiet ? ProgressStyle::kOff : ProgressStyle::kText);
}

std::vector<TargetResult> measure_all(const ValidateOptions& o, const std::vector<TargetRow>& rows,
                                      const std::map<std::string, std::string>& reasons) {
    const FileOf place = [&](const std::string& scenario, u64 seed) { return file_of(o, scenario, seed); };
    OpenRuns runs;
    std::vector<TargetResult> outcomes;
    for (const TargetRow& r : rows) {
        TargetResult& result = outcomes.emplace_back(measure(r, o.seeds, place, runs));
        const auto why = reasons.find(r.id);
        const bool decided = result.verdict == Verdict::kPass || result.verdict == Verdict::kInput;
        if (!decided && why != reasons.end()) result.reason = why->second;
    }
    return outcomes;
}

void print_outcomes(const ValidateOptions& o, const std::vector<TargetRow>& rows,
                    const std::vector<TargetResult>& outcomes) {
    if (o.json) {
        std::cout << json_of(o, outcomes);
    } else {
        o.sets ? print_bands(outcomes) : print_table(outcomes);
        print_sizes(o, rows);
    }
}

void tell_count(const ValidateOptions& o, const std::vector<TargetResult>& outcomes) {
    size_t passed = 0, counted = 0, must_missed = 0;
    for (const TargetResult& x : outcomes) {
        if (x.verdict == Verdict::kInput) continue;
        ++counted;
        if (x.verdict == Verdict::kPass)
            ++passed;
        else if (x.row.must)
            ++must_missed;
    }
    fmt::print(stderr, "{} of {} targets pass with {} seeds; {} of those that must pass do not\n", passed,
               counted, o.seeds, must_missed);
    if (o.targets.empty()) fmt::print(stderr, "By evidence: {}\n", evidence_counts(outcomes));
}

// Whether a target is worse than it may be; each is told.
bool tell_missed(const ValidateOptions& o, const std::vector<TargetResult>& outcomes,
                 const std::set<std::string>& before) {
    bool any = false;
    for (const TargetResult& x : outcomes) {
        const bool missed = o.judges_must_alone() ? x.row.must && x.verdict == Verdict::kMiss
                                                  : before.contains(x.row.id) && x.verdict != Verdict::kPass;
        if (!missed) continue;
        fmt::print(stderr, "{} {} and is now: {}\n", x.row.id,
                   o.judges_must_alone() ? "must pass" : "passed before", verdict_text(x.verdict));
        any = true;
    }
    return any;
}

// Targets that were not asked for stay as they are.
void write_passed(const std::string& record, const std::vector<TargetResult>& outcomes,
                  std::set<std::string> passed) {
    for (const TargetResult& x : outcomes) {
        passed.erase(x.row.id);
        if (x.verdict == Verdict::kPass) passed.insert(x.row.id);
    }
    std::string text =
        "# Targets that pass; `respine validate` exits with 1 when one of them does not. Written by `respine "
        "validate --update-passed`.\n";
    for (const std::string& id : passed) text += id + "\n";
    write_text(record, text);
}

void validate(const ValidateOptions& o, int& exit_code) {
    const std::string reference = config_folder() + "/reference/";
    const bool own = !o.targets.empty();
    const std::vector<TargetRow> table = own ? read_targets(o.targets, TargetTable::kOwn)
                                             : read_targets(reference + "targets.csv"),
                                 rows = wanted_rows(o, table);
    const auto reasons =
        own ? std::map<std::string, std::string>() : read_reasons(reference + "reasons.yaml", table);
    need_sessions(rows, [&](const std::string& scenario) { return as_run(o, scenario); });
    make_folder(o.work);
    if (!o.html.empty()) need_folder_of(o.html);
    run_scenarios(o, rows);
    const std::vector<TargetResult> outcomes = measure_all(o, rows, reasons);
    print_outcomes(o, rows, outcomes);
    if (o.sets) return;
    tell_count(o, outcomes);
    if (!o.html.empty() || !o.docs.empty()) write_report(o, json_of(o, outcomes));
    const std::string record = reference + "passed.csv";
    const std::set<std::string> before = read_passed(record);
    if (tell_missed(o, outcomes, before)) exit_code = static_cast<int>(Exit::kMissed);
    if (o.update) write_passed(record, outcomes, before);
}

}  // namespace

void add_validate(CLI::App& app, int& exit_code) {
    const auto o = std::make_shared<ValidateOptions>();
    app.add_option("--only", o->only, "targets by id (first column of configs/reference/targets.csv)");
    app.add_option("--targets", o->targets,
                   "a table of your own targets (CSV) instead of the published ones; see docs/own-targets.md")
        ->check(CLI::ExistingFile);
    app.add_flag("--must", o->must, "only the targets that must pass");
    app.add_option("--work", o->work, "folder of the run files; finished runs there are used again");
    app.add_option("--seeds", o->seeds, "seeds of each scenario; 5, with --quick 1")
        ->check(CLI::Range(1, 1000));
    app.add_option("--threads", o->threads, "runs at a time")->check(CLI::Range(1, 4096));
    app.add_flag("--json", o->json, "print JSON");
    app.add_option("--html", o->html,
                   "write a report with figures into this file: one page that needs no network");
    app.add_option("--docs", o->docs,
                   "write the report as validation.md, with images/validation-*.png, into this folder");
    auto* quick =
        app.add_flag("--quick", o->quick,
                     "small networks and cohorts, one seed: exit 1 only when a target that must pass misses");
    app.add_option("--size", o->size, "factor on the neurons of every sheet: does the size matter?")
        ->check(CLI::Range(0.05, 1000.0))
        ->excludes(quick);
    app.add_flag("--update-passed", o->update,
                 "write the targets that pass into configs/reference/passed.csv")
        ->excludes(quick);
    app.add_flag("-q,--quiet", o->quiet, "no progress");
    for (const char* option : {"--docs", "--update-passed"}) app.get_option("--targets")->excludes(option);
    add_ensemble(app, o->ensemble, o->members,
                 "run one seed under parameter sets that data allow, and give bands over them");
    for (const char* option : {"--seeds", "--html", "--docs", "--update-passed"})
        app.get_option("--ensemble")->excludes(option);
    app.callback([o, &exit_code] {
        if (!o->ensemble.empty()) {
            o->sets = load_ensemble(o->ensemble, o->members);
            o->seeds = static_cast<int>(o->sets->size());
        }
        if (o->seeds == 0) o->seeds = o->quick ? 1 : 5;
        validate(*o, exit_code);
    });
}

}  // namespace respine
