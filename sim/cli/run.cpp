// respine run: one scenario into one run file.

#include <csignal>
#include <filesystem>
#include <iostream>

#include "sim/cli/cohort.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/threads.hpp"
#include "sim/io/inputs.hpp"
#include "sim/io/recorder.hpp"
#include "sim/io/scenario_yaml.hpp"

namespace respine {

namespace {

volatile std::sig_atomic_t interrupted = 0;

struct RunOptions {
    std::string scenario, output;
    std::vector<std::string> set;
    long long seed = -1;
    int threads = 0;
    bool force = false, dry_run = false, quiet = false, verbose = false;
    std::string progress = "text";
};

struct Estimate {
    double neurons, synapses, memory, slow_steps, structural_steps, disk;
};

Estimate estimate(const Scenario& s, const NetworkSpec& spec) {
    Estimate e{};
    if (s.network.kind == "microcircuit") {
        double all = 0.0;
        for (size_t t = 0; t < spec.populations.size(); ++t) {
            const double nt = spec.populations[t].neurons;
            e.neurons += nt * s.network.scale;
            for (size_t p = 0; p < spec.populations.size(); ++p)
                all += std::log1p(-spec.indegree[t][p]) / std::log1p(-1.0 / (nt * spec.populations[p].neurons)) * s.network.scale;
        }
        e.synapses = all;
    } else {
        e.neurons = s.network.neurons;
        e.synapses = e.neurons * s.network.synapses_per_neuron;
    }
    e.memory = e.synapses * 9.5 + e.neurons * 260.0 + 40e6;
    e.structural_steps = in_hours(s.duration) * 2.0;
    size_t doses = 0;
    for (const Treatment& t : s.treatments) doses += t.at.size();
    const double subjects = std::max(1U, s.cohort);
    e.structural_steps *= subjects;
    e.slow_steps = e.structural_steps + subjects * 300.0 * static_cast<double>(doses);
    e.disk = 1e6 + static_cast<double>(s.snapshots.size()) * (e.synapses * 5.5 + e.neurons * 30.0);
    return e;
}

void print_plan(const Scenario& s, const Inputs& in) {
    const Estimate e = estimate(s, in.network);
    std::cout << resolved_yaml(s);
    fmt::print("# neurons            {:.0f}\n# synapses           {:.3g}\n# slow steps         about {:.0f}\n# structural steps   {:.0f}\n", e.neurons, e.synapses,
               e.slow_steps, e.structural_steps);
    fmt::print("# memory             about {:.0f} MB\n# disk               about {:.0f} MB\n", e.memory / 1e6, e.disk / 1e6);
}

void run_single(const RunOptions& o, Scenario scenario, const ThreadChoice& threads) {
    Inputs inputs = load_inputs(scenario);
    if (o.dry_run) return print_plan(scenario, inputs);
    const std::string output = o.output.empty() ? scenario.name + ".h5" : o.output;
    claim_output(output, o.force);
    const ProgressStyle style = o.quiet ? ProgressStyle::kOff : o.progress == "json" ? ProgressStyle::kJson : ProgressStyle::kText;
    try {
        if (scenario.cohort > 0) {
            run_cohort(inputs, output, {threads.threads, threads.source, command_line}, style);
            if (!o.quiet) fmt::print("{}\n", output);
            return;
        }
        Simulation sim(std::move(inputs));
        Recorder recorder(output, sim, {threads.threads, threads.source, command_line});
        if (o.verbose)
            fmt::print(stderr, "{}: {} neurons, {} plastic and {} fixed synapses; capacity {:.3f} x healthy, equilibrium {:.4f}, loss {:.5f} /d\n",
                       scenario.name, sim.network().neurons, sim.state().live, sim.network().fixed_source.size(),
                       sim.report().balance.capacity / sim.report().balance.healthy, sim.report().equilibrium, sim.report().mean_hazard);
        Progress progress(style, scenario.name, scenario.start, scenario.end());
        recorder.observe(sim);
        while (!sim.done()) {
            sim.advance();
            recorder.observe(sim);
            progress.show(sim.now(), sim.done());
            if (interrupted) fail(Exit::kInterrupted, "{}: interrupted at {}; what was recorded is in {}", scenario.name, time_text(sim.now()), recorder.part_path());
        }
        recorder.finish(sim);
        if (o.verbose) {
            const Effort& e = sim.effort();
            fmt::print(stderr, "{}: {} slow steps, {:.2f} sweeps each ({:.1f} s); {} structural steps, {:.2f} ns per synapse each ({:.1f} s)\n", scenario.name,
                       e.slow_steps, static_cast<double>(e.sweeps) / static_cast<double>(e.slow_steps), e.fast_seconds, e.structural_steps,
                       1e9 * e.structural_seconds / std::max(1.0, static_cast<double>(e.synapse_updates)), e.structural_seconds);
        }
    } catch (const Error& e) {
        if (scenario.cohort > 0 || (e.code() != Exit::kInterrupted && e.code() != Exit::kNumerical)) {
            std::error_code ignored;
            if (scenario.cohort > 0 || std::filesystem::file_size(output + ".part", ignored) == 0) std::filesystem::remove(output + ".part", ignored);
        }
        throw;
    }
    if (!o.quiet) fmt::print("{}\n", output);
}

}  // namespace

bool stop_requested() { return interrupted != 0; }

void add_run(CLI::App& app, int&) {
    const auto o = std::make_shared<RunOptions>();
    app.add_option("scenario", o->scenario, "scenario file, or name (see: respine list scenarios)")->required();
    app.add_option("-o,--output", o->output, "run file; NAME.h5 when not given");
    app.add_option("--set", o->set, "path=value: a key of the scenario, or a parameter of the model (bdnf.clearance=2h)");
    app.add_option("--seed", o->seed, "seed of every random number")->check(CLI::Range(0LL, 9007199254740991LL));
    app.add_option("--threads", o->threads, "threads; else SLURM_CPUS_PER_TASK, OMP_NUM_THREADS, affinity")->check(CLI::Range(1, 4096));
    app.add_flag("--force", o->force, "replace an existing output");
    app.add_flag("--dry-run", o->dry_run, "check, print the resolved scenario and the estimated cost, write nothing");
    app.add_flag("-q,--quiet", o->quiet, "no progress, no closing line");
    app.add_flag("-v,--verbose", o->verbose, "what the run is made of and what it cost");
    app.add_option("--progress", o->progress, "text or json")->check(CLI::IsMember({"text", "json"}));
    app.callback([o] {
        Settings settings;
        for (const std::string& text : o->set) settings.push_back(parse_setting(text));
        if (o->seed >= 0) settings.emplace_back("seed", std::to_string(o->seed));
        const ThreadChoice threads = set_threads(o->threads);
        const Scenario scenario = load_scenario(o->scenario, settings);
        if (!o->quiet && !o->dry_run && o->progress == "text") fmt::print(stderr, "{}: {} threads ({})\n", scenario.name, threads.threads, threads.source);
        std::signal(SIGINT, [](int) {
            if (interrupted) std::_Exit(static_cast<int>(Exit::kInterrupted));
            interrupted = 1;
        });
        run_single(*o, scenario, threads);
    });
}

}  // namespace respine
