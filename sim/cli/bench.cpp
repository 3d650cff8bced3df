// respine bench: the benchmark of structural plasticity, verified before it is timed.

#include <omp.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include "analysis/bench/result.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/model/error.hpp"
#include "sim/system/machine.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

struct BenchOptions {
    std::string size = "S", json, check;
    std::vector<int> threads;
    std::vector<std::string> topologies;
    int repetitions = 5;
    bool verify_only = false, force = false;
};

const ProblemClass& class_of(const std::string& name) {
    return *std::find_if(std::begin(kProblemClasses), std::end(kProblemClasses),
                         [&](const ProblemClass& c) { return name == c.name; });
}

std::vector<int> threads_of(const BenchOptions& o) {
    if (!o.threads.empty()) return o.threads;
    const int all = choose_threads(0).threads;
    return all > 1 ? std::vector<int>{1, all} : std::vector<int>{1};
}

// Bytes of the network, of the plain copy of its first hundred million synapses, and of what verification
// keeps of it.
double memory_of(const ProblemClass& size) {
    const double synapses = size.neurons == 0 ? 3e8 : static_cast<double>(size.neurons) * size.synapses;
    return 10.0 * synapses + 8.0 * std::min(synapses, 1e8);
}

void tell_checks(const Verified& v) {
    for (const Check& c : v.checks)
        fmt::print("  {:<46} {:<5} {:<9.2g} ({} {:g}; {}) {}\n", c.name, c.is_error ? "error" : "p", c.value,
                   c.is_error ? "<=" : ">=", c.limit, c.about, c.passed() ? "PASSED" : "FAILED");
}

std::string quantity_text(double value) {
    for (const auto& [size, unit] : {std::pair{1e9, " G"}, {1e6, " M"}, {1e3, " k"}})
        if (value >= size) return fmt::format("{:.3g}{}", value / size, unit);
    return fmt::format("{:.3g}  ", value);
}

void tell_timings(const std::vector<Timing>& rows) {
    fmt::print("\n{:<9} {:<15} {:>7} {:>12} {:<18} {:>10} {:>7} {:>7}\n", "topology", "kernel", "threads",
               "per second", "", "of stream", "twin", "joules");
    for (const Timing& t : rows) {
        const auto share = t.stream_share();
        fmt::print("{:<9} {:<15} {:>7} {:>12} {:<18} {:>10} {:>6.2f}{} {:>7}\n", t.topology, t.kernel,
                   t.threads, quantity_text(t.kernel == "day" ? 3600.0 * t.per_second() : t.per_second()),
                   t.kernel == "day" ? "days an hour" : t.item,
                   share ? fmt::format("{:.0f} %", 100.0 * *share) : "–", t.twin_ratio(),
                   t.open() ? "?" : " ", t.joules ? fmt::format("{:.2g}", *t.joules) : "–");
    }
}

// One sentence above all numbers: what can be believed of them.
void tell_machine(const QuietWatch::Shares& shares) {
    fmt::print("{}: other programs took {:.1f} % of the processors{}\n",
               shares.quiet() ? "quiet machine" : "NOT A QUIET MACHINE", 100.0 * shares.others,
               shares.quiet() ? "" : "; compare rows with their twins and limits only");
    if (const std::string why = why_no_joules(); !why.empty()) fmt::print("no joules: {}\n", why);
}

BenchResult benchmark(const BenchOptions& o) {
    BenchResult result;
    result.size = class_of(o.size);
    need_memory(memory_of(result.size), "class " + o.size, "take a smaller class");
    const QuietWatch watch;
    for (const Topology topology : kTopologies) {
        const std::string name = kTopologyNames[static_cast<size_t>(topology)];
        if (!o.topologies.empty() &&
            std::find(o.topologies.begin(), o.topologies.end(), name) == o.topologies.end())
            continue;
        set_threads(0);
        Problem problem = Problem::of(result.size, topology);
        if (result.neurons == 0) {
            result.neurons = problem.network.neurons;
            result.synapses = static_cast<u64>(problem.live);
            result.parameters = parameters_of(problem);
        }
        fmt::print("\n{}: {} neurons, {} plastic synapses\n", name, problem.network.neurons, problem.live);
        result.verified.push_back({name, verify(problem)});
        tell_checks(result.verified.back());
        if (!result.passed()) {
            fmt::print("  not timed: what is wrong need not be fast\n");
            continue;
        }
        if (o.verify_only) continue;
        std::optional<Progress> progress;
        const auto rows = measure(problem, {threads_of(o), o.repetitions}, [&](size_t done, size_t all) {
            if (!progress)
                progress.emplace(ProgressStyle::kText, name, 0, static_cast<Tick>(all), "repetitions");
            progress->show(static_cast<Tick>(done), done == all);
        });
        result.timings.insert(result.timings.end(), rows.begin(), rows.end());
    }
    result.machine = watch.shares();
    return result;
}

void check_file(const std::string& path) {
    std::ifstream in(path);
    if (!in) fail(Exit::kInput, "{}: error: cannot be read", path);
    const nlohmann::json read = nlohmann::json::parse(in, nullptr, false);
    if (read.is_discarded()) fail(Exit::kInput, "{}: error: is not JSON", path);
    const std::vector<std::string> faults = faults_of(read);
    if (faults.empty()) {
        fmt::print("{}: a valid result of class {}, {}\n", path, read["problem"]["class"].get<std::string>(),
                   read["verified"].get<bool>() ? "verified" : "NOT verified");
        return;
    }
    std::string text;
    for (const std::string& f : faults)
        text += (text.empty() ? "" : "\n") + fmt::format("{}: error: {}", path, f);
    fail(Exit::kInput, "{}", text);
}

void run_bench(const BenchOptions& o, int& exit_code) {
    if (!o.json.empty()) need_free({o.json}, "", o.force);
    fmt::print("respine bench, class {}: {}; revision {}\n", o.size, class_of(o.size).about, revision_text());
    std::cout.flush();
    const BenchResult result = benchmark(o);
    if (!o.verify_only && !result.timings.empty()) {
        fmt::print("\n");
        tell_machine(result.machine);
        tell_timings(result.timings);
    }
    fmt::print("{}\n", result.passed() ? "verification PASSED" : "verification FAILED");
    if (!o.json.empty()) write_new_text(o.json, to_json(result).dump(1) + "\n");
    if (!result.passed()) exit_code = static_cast<int>(Exit::kMissed);
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
    const auto o = std::make_shared<BenchOptions>();
    app.add_option("--class", o->size, "S, M, L or XL: what bench/PROBLEM.md defines")
        ->check(CLI::IsMember({"S", "M", "L", "XL"}))
        ->capture_default_str();
    app.add_option("--threads", o->threads, "numbers of threads, 1,2,4; one and all without it")
        ->delimiter(',')
        ->check(CLI::Range(1, 4096));
    app.add_option("--topology", o->topologies, "some of sheet, anywhere, hubs; all without it")
        ->delimiter(',')
        ->check(CLI::IsMember({"sheet", "anywhere", "hubs"}));
    app.add_option("--repetitions", o->repetitions, "of each kernel and of its twin, shuffled")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_flag("--verify", o->verify_only, "verify, and time nothing");
    app.add_option("--json", o->json, "write the result to this file");
    app.add_flag("--force", o->force, "replace that file");
    app.add_option("--check", o->check, "measure nothing; look over the result in this file");
    app.callback([o, &exit_code] {
        if (!o->check.empty()) return check_file(o->check);
        run_bench(*o, exit_code);
    });
}

}  // namespace respine
