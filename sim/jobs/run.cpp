#include "sim/jobs/run.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "sim/io/run/inputs.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/cohort.hpp"
#include "sim/jobs/plan.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/system/machine.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

// What a fresh and a resumed run have in common.
struct Course {
    const RunOptions& options;
    Ranks& ranks;
    std::string output;
    RunInfo info;
    const Checkpoint* from = nullptr;
};

void tell_size(const Simulation& sim) {
    u64 fixed[] = {sim.network().fixed_source.size()};
    sim.ranks().sum(std::span<u64>(fixed));
    if (!sim.ranks().root()) return;
    fmt::print(stderr,
               "{}: {} neurons, {} plastic and {} fixed synapses; capacity {:.3f} x healthy, equilibrium "
               "{:.4f}, loss {:.5f} /d\n",
               sim.scenario().name, sim.network().neurons, sim.state().live, fixed[0],
               sim.report().balance.capacity / sim.report().balance.healthy, sim.report().equilibrium,
               sim.report().mean_hazard);
}

void tell_effort(const Simulation& sim, const Recorder& recorder) {
    const u64 peak = sim.ranks().most(static_cast<u64>(peak_memory()));
    if (!sim.ranks().root()) return;
    const Effort& e = sim.effort();
    fmt::print(stderr,
               "{}: {} slow steps, {:.2f} sweeps each ({:.3f} s); {} structural steps, {:.2f} ns per synapse "
               "each ({:.3f} s)\n",
               sim.scenario().name, e.slow_steps,
               static_cast<double>(e.sweeps) / static_cast<double>(e.slow_steps), e.fast_seconds,
               e.structural_steps,
               1e9 * e.structural_seconds / std::max(1.0, static_cast<double>(e.synapse_updates)),
               e.structural_seconds);
    const RecordingEffort& r = recorder.effort();
    fmt::print(
        stderr,
        "{}: history {:.3f} s, snapshots {:.3f} s, and {:.3f} s beside the run; peak memory {:.0f} MB\n",
        sim.scenario().name, r.history_seconds, r.snapshot_seconds, r.background_seconds,
        static_cast<double>(peak) / 1e6);
    if (const Traffic t = sim.ranks().traffic(); t.calls > 0)
        fmt::print(stderr, "{}: {:.3f} MB from other ranks in {} calls, {:.3f} s with waiting\n",
                   sim.scenario().name, static_cast<double>(t.bytes) / 1e6, t.calls, t.seconds);
}

// What is looked after between the steps of a run.
struct Underway {
    const Course& course;
    Simulation& sim;
    Recorder& recorder;
    CheckpointClock clock{course.options.safety.checkpoint_seconds()};

    void save() {
        clock.restart();
        recorder.save(sim);
        if (course.options.verbose && course.ranks.root())
            fmt::print(stderr, "{}: checkpoint at {} in {:.3f} s\n", sim.scenario().name,
                       time_text(sim.now()), clock.seconds());
        clock.restart();
    }

    // What hears may end the run by an exception.
    void tell_share() {
        if (!course.options.after_step) return;
        const Scenario& s = sim.scenario();
        try {
            course.options.after_step(static_cast<double>(sim.now() - s.start) /
                                      static_cast<double>(s.duration));
        } catch (...) {
            save();
            throw;
        }
    }

    void stop_or_save_if_due() {
        // One number, so that all decide alike: a reason to stop, of any rank, or else that the root wants a
        // checkpoint.
        const u64 due = course.ranks.root() && clock.due() ? 1 : 0,
                  wish = course.ranks.most(2 * static_cast<u64>(stop_reason()) + due);
        if (wish == 0) return;
        save();
        const StopReason reason = static_cast<StopReason>(wish / 2);
        if (reason == StopReason::kNone) return;
        fail(exit_of(reason), "{}: {} at {}; what was recorded is in {}; go on with: {}", sim.scenario().name,
             text_of(reason), time_text(sim.now()), recorder.part_path(),
             course.options.safety.resume_command(course.output));
    }
};

void run_to_end(const Course& course, Simulation& sim, Recorder& recorder) {
    const Scenario& s = sim.scenario();
    Progress progress(course.ranks.root() ? course.options.style() : ProgressStyle::kOff, s.name, s.start,
                      s.end(), "", sim.now());
    Underway underway{course, sim, recorder};
    if (!course.from) recorder.observe(sim);
    while (!sim.done()) {
        sim.advance();  // at least once, so that a wall time shorter than the start still gets on
        recorder.observe(sim);
        progress.show(sim.now(), sim.done());
        underway.tell_share();
        if (!sim.done()) underway.stop_or_save_if_due();
    }
    recorder.finish(sim);
}

void run_one(const Course& course, Inputs inputs, Claim claim) {
    Simulation sim(std::move(inputs), {}, course.ranks);
    if (course.from) course.from->restore(sim);
    Recorder recorder(course.output, sim, course.info, std::move(claim), course.from);
    const std::string current = checkpoint_of(course.output);
    if (course.ranks.root() && course.from && course.from->path() != current)  // it is the good one
        std::rename(course.from->path().c_str(), current.c_str());
    if (course.options.verbose) tell_size(sim);
    // Before the recorder ends, which takes the root some time.
    on_all_ranks(course.ranks, [&] { run_to_end(course, sim, recorder); });
    if (course.options.verbose) tell_effort(sim, recorder);
}

// A .part file that holds nothing is no use to anyone, and without a checkpoint a cohort's is such a one.
void drop_empty_part(const std::string& output, bool cohort) {
    std::error_code ignored;
    const std::string part = part_of(output);
    if ((cohort || fs::file_size(part, ignored) == 0) && !fs::exists(checkpoint_of(output)))
        fs::remove(part, ignored);
}

void run_any(const Course& course, Inputs inputs, Claim claim) {
    const bool cohort = inputs.scenario.cohort > 0, root = course.ranks.root();
    try {
        if (cohort)
            run_cohort(inputs, course.options, course.output, course.info, std::move(claim), course.from);
        else
            run_one(course, std::move(inputs), std::move(claim));
    } catch (const std::exception& caught) {
        const Error e = current_error();
        const bool common = dynamic_cast<const CommonError*>(&caught) != nullptr;
        if (root || !common) drop_empty_part(course.output, cohort);
        if (e.code() != Exit::kNumerical || *e.what() == '\0' || !fs::exists(checkpoint_of(course.output)))
            throw;
        const std::string text =
            fmt::format("{}; the last good state kept is in {}", e.what(), checkpoint_of(course.output));
        if (common) throw CommonError(e.code(), text);
        throw Error(e.code(), text);
    }
    if (!course.options.quiet && root) fmt::print("{}\n", course.output);
}

// Who computes: the threads of this rank, which are set, and all ranks, which are told.
struct Crew {
    ThreadChoice threads;
    Processes processes;
};

Crew choose_crew(const RunOptions& o, const std::string& name, Ranks& ranks) {
    const ThreadChoice threads = set_threads(o.threads);
    std::map<std::string, u32> hosts;
    for (const std::string& host : ranks.gather(host_name())) ++hosts[host];
    if (!o.quiet && !o.dry_run && o.progress == "text" && ranks.root()) {
        std::string placement;
        for (const auto& [host, count] : hosts)
            placement += fmt::format("{}{} on {}", placement.empty() ? ": " : ", ", count, host);
        if (ranks.size() > 1)
            fmt::print(stderr, "{}: {} ranks{}; {} threads each ({})\n", name, ranks.size(), placement,
                       threads.threads, threads.source);
        else
            fmt::print(stderr, "{}: {} threads ({})\n", name, threads.threads, threads.source);
    }
    return {threads, {threads.threads, o.dry_run ? o.ranks : ranks.size(), hosts[host_name()]}};
}

void need_one_network(const Scenario& s, const Ranks& ranks) {
    if (s.cohort > 0 && ranks.size() > 1)
        fail(Exit::kUsage,
             "{}: error: cohort: its subjects share no network, so ranks cannot; run it in one process with "
             "--threads, or spread subjects as a study (respine study)",
             s.name);
}

void need_whole_network(const Scenario& s, const Ranks& ranks) {
    if (!s.coordination.sessions.empty() && ranks.size() > 1)
        fail(Exit::kUsage,
             "{}: error: coordination: its solves need all synapses in one process, and each of the {} ranks "
             "has its own alone; run it with --threads, or leave 'coordination' out",
             s.name, ranks.size());
}

// What must be the same on all ranks.
std::vector<std::pair<std::string, std::string>> deciding(const Inputs& inputs, const Checkpoint* from) {
    auto texts = input_texts(inputs);
    texts.emplace_back("program", version_text() + revision_text());
    if (from) texts.emplace_back("checkpoint", from->seal());
    return texts;
}

// From the inputs to the run file, for a fresh run and for one that goes on.
void take_course(const RunOptions& o, Ranks& ranks, Inputs inputs, const std::string& output,
                 const Checkpoint* from = nullptr) {
    const std::string name = inputs.scenario.name;
    need_one_network(inputs.scenario, ranks);
    need_whole_network(inputs.scenario, ranks);
    const Crew crew = choose_crew(o, name, ranks);
    if (inputs.graph && !o.quiet && ranks.root())
        for (const std::string& note : inputs.graph->notes) fmt::print(stderr, "{}: note: {}\n", name, note);
    if (!o.quiet && ranks.root())
        for (const std::string& note : inputs.scenario.notes)
            fmt::print(stderr, "{}: note: {}\n", name, note);
    if (o.dry_run) return print_plan(inputs, crew.processes);
    need_memory_for(inputs, crew.processes);
    if (inputs.scenario.integrator == Integrator::kExplicit && !from && !o.quiet && o.progress == "text" &&
        ranks.size() == 1)
        fmt::print(stderr, "{}: steps of milliseconds, in all {}\n", name,
                   time_of(inputs, {crew.threads.threads}).text());
    need_same(ranks, from ? from->path() : name, deciding(inputs, from));
    Claim claim = Claim::none();
    at_root(ranks, [&] { claim = from ? Claim::of_stopped_run(output) : Claim::fresh(output, o.force); });
    const RunInfo info{crew.threads.threads, crew.threads.source, o.command, o.force, ranks.size()};
    run_any({o, ranks, output, info, from}, std::move(inputs), std::move(claim));
}

}  // namespace

Ranks& ranks_for(const RunOptions& o) {
    const LaunchedAs as = launched_as();
    if (o.alone || o.dry_run || as.size == 1) return alone();
    if (!has_mpi())
        fail(Exit::kUsage,
             "this process is rank {} of {} ({}), and this program has no MPI to share a network; build it "
             "with -DRESPINE_MPI=ON, or say --alone when each process makes a run of its own",
             as.rank, as.size, as.by);
    return join_ranks();
}

void run_inputs(const RunOptions& o, Ranks& ranks, Inputs inputs) {
    const std::string output = o.output.empty() ? inputs.scenario.name + ".h5" : o.output;
    take_course(o, ranks, std::move(inputs), output);
}

namespace {

// True when the run was killed after its output got its name, before its checkpoints were dropped.
bool is_complete_already(const ResumePaths& paths) {
    if (fs::exists(part_of(paths.output)) || !fs::exists(paths.output)) return false;
    return H5File::open(paths.output).number_attribute("/meta", "complete", 0.0) == 1.0;
}

}  // namespace

void run_resumed(const RunOptions& o, Ranks& ranks) {
    const ResumePaths paths = resume_paths(o.resume);
    if (ranks.most(ranks.root() && is_complete_already(paths) ? 1 : 0) != 0) {
        if (ranks.root()) remove_checkpoints(paths.output);
        if (!o.quiet && ranks.root()) fmt::print("{}\n", paths.output);
        return;
    }
    const Checkpoint checkpoint(paths.checkpoint);
    Inputs inputs = load_inputs(o.scenario.empty() ? checkpoint.scenario() : load_scenario(o.scenario, {}));
    checkpoint.check_inputs(inputs);
    take_course(o, ranks, std::move(inputs), paths.output, &checkpoint);
}

}  // namespace respine
