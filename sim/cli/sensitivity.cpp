// respine sensitivity: every parameter of a model to the ends of its range of belief, one at a time, and what
// the outcome does.

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/validate/measure.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/jobs/jobs.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

struct SensitivityOptions {
    std::string outcome = "density-d5", work = "sensitivity", figure;
    std::vector<std::string> only;
    int seeds = 2, threads = 0;
    u32 neurons = 1000, synapses = 100;
    bool json = false, quiet = false;
};

struct Move {  // one parameter at one end of its range
    std::string path, mark, unit, reference;
    double value = 0.0, base = 0.0;
    bool high = false;
    Settings settings;
    double outcome = std::numeric_limits<double>::quiet_NaN();  // NaN when a run failed
    double error = std::numeric_limits<double>::quiet_NaN();    // of the paired change, over seeds
};

// The shares of a receptor mix sum to 1: when one moves, the others keep their proportions.
Settings settings_of(const std::vector<ParameterRow>& rows, const ParameterRow& moved, double value) {
    Settings out = {{moved.path, setting_text(value, moved.unit)}};
    const size_t dot = moved.path.rfind(".GluN2");
    if (dot == std::string::npos) return out;
    for (const ParameterRow& r : rows)
        if (&r != &moved && r.path.starts_with(moved.path.substr(0, dot) + ".GluN2"))
            out.emplace_back(r.path, setting_text(*r.value * (1.0 - value) / (1.0 - *moved.value), r.unit));
    return out;
}

std::vector<Move> moves_of(const SensitivityOptions& o, Model& model) {
    const std::vector<ParameterRow> rows = parameters_of(model);
    std::vector<std::string> paths;
    for (const ParameterRow& r : rows) paths.push_back(r.path);
    for (const std::string& p : o.only)
        if (std::find(paths.begin(), paths.end(), p) == paths.end())
            fail(Exit::kUsage, "--only: there is no parameter '{}'{}", p, suggestion(p, paths));
    std::vector<Move> moves;
    for (const ParameterRow& r : rows) {
        const Provenance& p = model.provenance.at(r.path);
        if (!o.only.empty() && std::find(o.only.begin(), o.only.end(), r.path) == o.only.end()) continue;
        for (const bool high : {false, true}) {
            const double end = high ? p.high : p.low;
            if (end != *r.value)
                moves.push_back({r.path, p.mark, std::string(r.unit), p.reference, end, *r.value, high,
                                 settings_of(rows, r, end)});
        }
    }
    return moves;
}

// The runs that a row of the target table is measured on, for one variant of the model after another.
class TargetRuns {
public:
    TargetRuns(const SensitivityOptions& o, const TargetRow& row) : options_(o), row_(row) {
        for (const std::string& name : scenarios_of({row})) {
            Settings& smaller = scenarios_[name];
            if (load_scenario(name, {}).network.kind != NetworkKind::kSheet) continue;
            smaller.emplace_back("network.neurons", std::to_string(o.neurons));
            smaller.emplace_back("network.synapses_per_neuron", std::to_string(o.synapses));
        }
    }

    std::vector<Job> jobs(const std::string& variant, const Settings& settings) const {
        std::vector<Job> out;
        for (const auto& [scenario, smaller] : scenarios_)
            for (u64 seed = 1; seed <= static_cast<u64>(options_.seeds); ++seed) {
                Settings all = settings;
                all.emplace_back("seed", std::to_string(seed));
                all.insert(all.end(), smaller.begin(), smaller.end());
                out.push_back({scenario, file(scenario, variant, seed), all});
            }
        return out;
    }

    // The outcome of each seed; for rows of kind up, down and flat the difference to the reference.
    std::vector<double> outcome(const std::string& variant) const {
        OpenRuns runs;
        const TargetResult o = measure(
            row_, options_.seeds,
            [&](const std::string& scenario, u64 seed) { return file(scenario, variant, seed); }, runs);
        std::vector<double> values = o.by_seed;
        for (size_t k = 0; k < o.reference_by_seed.size(); ++k) values[k] -= o.reference_by_seed[k];
        return values;
    }

private:
    std::string file(const std::string& scenario, const std::string& variant, u64 seed) const {
        return job_file(options_.work, scenario, fmt::format("{}-{}", variant, seed));
    }

    const SensitivityOptions& options_;
    const TargetRow& row_;
    std::map<std::string, Settings> scenarios_;  // of the row, with the settings that make them smaller
};

struct Result {
    double mean = 0.0, error = 0.0;
    std::vector<Move> moves;
};

// Largest swing first: the two ends of a parameter side by side.
struct Bar {
    const Move* low = nullptr;
    const Move* high = nullptr;
    const Move& any() const { return low ? *low : *high; }
    double swing(double base) const {
        double most = 0.0;
        for (const Move* m : {low, high})
            if (m && std::isfinite(m->outcome)) most = std::max(most, std::fabs(m->outcome - base));
        return most;
    }
};

std::vector<Bar> bars_of(const Result& r) {
    std::vector<Bar> bars;
    for (const Move& m : r.moves) {
        if (bars.empty() || bars.back().any().path != m.path) bars.emplace_back();
        (m.high ? bars.back().high : bars.back().low) = &m;
    }
    std::stable_sort(bars.begin(), bars.end(),
                     [&](const Bar& a, const Bar& b) { return a.swing(r.mean) > b.swing(r.mean); });
    return bars;
}

std::string end_text(const Move* m) {
    return !m                          ? "-"
           : std::isfinite(m->outcome) ? fmt::format("{:.4g} at {:g}", m->outcome, m->value)
                                       : fmt::format("fails at {:g}", m->value);
}

void print_text(const TargetRow& row, const Result& r) {
    fmt::print("{} ({}) is {:.4g} ± {:.2g} {}; each parameter alone at the ends of its range of belief:\n",
               row.id, row.what, r.mean, r.error, row.unit);
    fmt::print("{:<34} {:>10} {:<9} {:>22} {:>22} {:>9} {:<4}\n", "parameter", "value", "unit",
               "outcome, low end", "outcome, high end", "swing", "mark");
    for (const Bar& b : bars_of(r))
        fmt::print("{:<34} {:>10.4g} {:<9} {:>22} {:>22} {:>9.3g} {:<4}\n", b.any().path, b.any().base,
                   b.any().unit, end_text(b.low), end_text(b.high), b.swing(r.mean), b.any().mark);
}

nlohmann::json as_json(const TargetRow& row, const Result& r) {
    const auto end = [&](const Move* m) {
        return m ? nlohmann::json{{"value", m->value},
                                  {"outcome", finite_or_null(m->outcome)},
                                  {"error", finite_or_null(m->error)}}
                 : nlohmann::json(nullptr);
    };
    nlohmann::json bars = nlohmann::json::array();
    for (const Bar& b : bars_of(r))
        bars.push_back({{"parameter", b.any().path},
                        {"unit", b.any().unit},
                        {"value", b.any().base},
                        {"mark", b.any().mark},
                        {"reference", b.any().reference},
                        {"low", end(b.low)},
                        {"high", end(b.high)},
                        {"swing", b.swing(r.mean)}});
    return {{"outcome", row.id}, {"observable", row.what}, {"at", row.words.time},
            {"unit", row.unit},  {"mean", r.mean},         {"error", finite_or_null(r.error)},
            {"parameters", bars}};
}

TargetRow row_of(const std::string& outcome) {
    const std::vector<TargetRow> rows = read_targets(config_folder() + "/reference/targets.csv");
    std::vector<std::string> ids;
    for (const TargetRow& r : rows) ids.push_back(r.id);
    const auto found = std::find(ids.begin(), ids.end(), outcome);
    if (found == ids.end())
        fail(Exit::kUsage, "--outcome: there is no target '{}'{}", outcome, suggestion(outcome, ids));
    const TargetRow& row = rows[static_cast<size_t>(found - ids.begin())];
    if (row.kind == "order")
        fail(Exit::kUsage, "--outcome {}: is true or false; choose a target with a number", outcome);
    return row;
}

std::string variant_of(const Move& m) { return m.path + (m.high ? "-high" : "-low"); }

// Runs the model at its base and after each move; the files that failed.
std::vector<std::string> run_moves(const SensitivityOptions& o, const TargetRuns& runs,
                                   const std::vector<Move>& moves) {
    std::vector<Job> jobs = runs.jobs("base", {});
    for (const Move& m : moves)
        for (Job& j : runs.jobs(variant_of(m), m.settings)) jobs.push_back(std::move(j));
    return try_jobs(std::move(jobs), choose_threads(o.threads).threads, "sensitivity",
                    o.quiet ? ProgressStyle::kOff : ProgressStyle::kText);
}

// A move keeps no outcome when one of its runs failed.
Result result_of(const TargetRuns& runs, std::vector<Move> moves, const std::vector<std::string>& failed) {
    const std::vector<double> base = runs.outcome("base");
    for (Move& m : moves) {
        const std::vector<Job> own = runs.jobs(variant_of(m), {});
        if (std::any_of(own.begin(), own.end(), [&](const Job& j) {
                return std::find(failed.begin(), failed.end(), j.file) != failed.end();
            }))
            continue;
        std::vector<double> values = runs.outcome(variant_of(m));
        m.outcome = mean_of(values);
        for (size_t k = 0; k < values.size(); ++k) values[k] -= base[k];
        m.error = standard_error(values);
    }
    return {mean_of(base), standard_error(base), std::move(moves)};
}

void sensitivity(const SensitivityOptions& o) {
    const TargetRow row = row_of(o.outcome);
    need_sessions({row}, [](const std::string& scenario) { return load_scenario(scenario, {}); });
    make_folder(o.work);
    if (!o.figure.empty()) need_folder_of(o.figure);
    Model model = load_model(load_scenario(row.scenario, {}).model, "");
    std::vector<Move> moves = moves_of(o, model);
    const TargetRuns runs(o, row);
    const std::vector<std::string> failed = run_moves(o, runs, moves);
    const Result result = result_of(runs, std::move(moves), failed);
    const nlohmann::json json = as_json(row, result);
    if (o.json)
        std::cout << json_text(json) << "\n";
    else
        print_text(row, result);
    if (!o.figure.empty()) {
        const std::string data = o.work + "/sensitivity.json";
        write_text(data, json_text(json) + "\n");
        run_python("tornado.py", {data, "--out", o.figure}, "The table above stands.");
    }
}

}  // namespace

void add_sensitivity(CLI::App& app, int&) {
    const auto o = std::make_shared<SensitivityOptions>();
    app.add_option("--outcome", o->outcome,
                   "target whose observable is the outcome (first column of configs/reference/targets.csv)");
    app.add_option("--only", o->only, "parameters to move; all without this");
    app.add_option("--work", o->work, "folder of the run files; finished runs there are used again");
    app.add_option("--seeds", o->seeds, "seeds of each run")->check(CLI::Range(1, 1000));
    app.add_option("--neurons", o->neurons, "neurons of each network")->check(CLI::Range(100, 10000000));
    app.add_option("--synapses", o->synapses, "synapses per neuron")->check(CLI::Range(20, 10000));
    app.add_option("--threads", o->threads, "runs at a time")->check(CLI::Range(1, 4096));
    app.add_option("--figure", o->figure, "draw a tornado plot into this file (PNG or SVG)");
    app.add_flag("--json", o->json, "print JSON");
    app.add_flag("-q,--quiet", o->quiet, "no progress");
    app.callback([o] { sensitivity(*o); });
}

}  // namespace respine
