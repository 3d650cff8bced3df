#include "sim/jobs/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/model/clock.hpp"
#include "sim/network/equilibrium.hpp"
#include "sim/network/generate.hpp"
#include "sim/system/machine.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

// Neurons and healthy synapses; a drug-free subject has fewer plastic ones, by `ratio`.
struct Size {
    double neurons = 0.0, excitatory = 0.0, plastic = 0.0, fixed = 0.0, ratio = 1.0;
    double live() const { return plastic * ratio; }
};

Size size_of_graph(const GraphFile& graph) {
    Size size;
    size.neurons = static_cast<double>(graph.ids.size());
    size.excitatory = static_cast<double>(std::count(graph.types.begin(), graph.types.end(), CellType::kE));
    for (const auto& [from, to] : graph.edges)
        (graph.types[from] == CellType::kE && graph.types[to] == CellType::kE ? size.plastic : size.fixed) +=
            1.0;
    return size;
}

Size size_of_kind(const NetworkChoice& choice, const NetworkSpec& spec) {
    Size size;
    for (size_t t = 0; t < spec.populations.size(); ++t) {
        const PopulationSpec& target = spec.populations[t];
        const double neurons = spec.counted() ? target.neurons * choice.scale : target.share * choice.neurons;
        const double excitatory = neurons * target.types[0];
        size.neurons += neurons;
        size.excitatory += excitatory;
        for (size_t p = 0; p < spec.populations.size(); ++p) {
            const bool plastic = spec.structure_of(t, p) == Structure::kPlastic;
            (plastic ? size.plastic : size.fixed) += mean_indegree(spec, choice, t, p) * neurons;
        }
    }
    return size;
}

Size healthy_size(const Inputs& in) {
    return in.graph ? size_of_graph(*in.graph) : size_of_kind(in.scenario.network, in.network);
}

Size size_of(const Inputs& in) {
    Size size = healthy_size(in);
    const Condition stressed = condition_of(in.model, {1.0, Genotype::kValVal, 0.0});
    const Balance balance = solve_balance(
        rule_of(in.model), std::max(4.0, size.plastic / std::max(1.0, size.excitatory)), stressed);
    size.ratio = stationary_counts(rule_of(in.model), balance,
                                   condition_of(in.model, draw_subject(in.scenario, in.model).state))
                     .equilibrium /
                 balance.healthy;
    return size;
}

// Neurons of other ranks that a rank's synapses can come from: of a sheet those within the reach of the
// kernel around a square patch, of other networks all.
double halo_of(const Inputs& in, const Size& size, double ranks) {
    constexpr double kReach = 3.5;  // widths of the kernel
    const double others = size.neurons * (1.0 - 1.0 / ranks);
    if (in.graph || in.network.kind != NetworkKind::kSheet) return others;
    const double area = size.neurons / in.network.density * 1e9 / in.network.thickness;  // um^2
    const double patch = std::sqrt(area / ranks), around = patch + 2.0 * kReach * in.network.kernel_width;
    return std::min(others, size.neurons * (around * around - patch * patch) / area);
}

// Bytes of one rank of a simulation, by what they grow with: its neurons, the synapses onto them, its halo,
// and tables of the whole grid.
double memory_of(const Inputs& in, const Size& size, double ranks) {
    constexpr double kProgram = 45e6;               // libraries, tables of sizes and ages, HDF5's buffers
    constexpr double kMpi = 12e6, kNeuron = 250.0;  // state, network, scratch and positions
    constexpr double kKnown = 28.0, kGrid = 4.0;    // a neuron of the halo; and any one
    // Rows grow after a dose: into free places beside a tenth, with a copy of one array while they move.
    constexpr double kPlace = 7.0, kCopied = 2.0, kFree = 24.0, kFixed = 3.0;
    const double places = size.live() * 1.1 + size.excitatory * (kFree + 0.5 * kRowStride);
    double bytes = kProgram + (ranks > 1.0 ? kMpi : 0.0) + kGrid * size.neurons +
                   kKnown * halo_of(in, size, ranks) +
                   (kNeuron * size.neurons + (kPlace + kCopied) * places + kFixed * size.fixed) / ranks;
    if (!in.scenario.snapshots.empty() && in.scenario.cohort == 0)
        bytes += 12.0 * std::min(size.live(), static_cast<double>(kStagedValues)) +
                 std::min(12.0 * size.live() * static_cast<double>(in.scenario.snapshots.size()),
                          static_cast<double>(kMostWaiting));  // on its way to the file
    return bytes;
}

double disk_of(const Size& size, const Inputs& in) {
    constexpr double kColumns = 80.0, kRow = 2.3;     // of the history: values a row, bytes a value
    constexpr double kSynapse = 7.2, kNeuron = 40.0;  // of a snapshot
    constexpr double kEvent = 10.0;
    constexpr double kTurnover = 0.026;  // formed and lost a day, of the live ones
    constexpr double kRest = 4e5;
    const Scenario& s = in.scenario;
    const double rows = in_hours(s.duration) / in_hours(s.history);
    if (s.cohort > 0) return kRest + s.cohort * rows * 5.0 * kRow;
    double bytes =
        kRest + rows * kColumns * kRow + 40.0 * size.neurons +
        static_cast<double>(s.snapshots.size()) * (size.live() * kSynapse + size.neurons * kNeuron);
    if (s.synapse_events) bytes += kEvent * kTurnover * size.live() * in_days(s.duration);
    return bytes;
}

double checkpoint_bytes(const Size& size, const Scenario& s) {
    constexpr double kSynapse = 8.0, kNeuron = 100.0;  // source, size and birth; state
    constexpr double kSubject = 5.0 * sizeof(float);   // a visit of one
    if (s.cohort > 0) return s.cohort * in_hours(s.duration) / in_hours(s.history) * kSubject;
    return kSynapse * size.live() + kNeuron * size.neurons;
}

double at_once(const Scenario& s, int threads) {
    return s.cohort == 0 ? 1.0 : std::min<double>(s.cohort, threads);
}

struct Steps {
    double slow = 0.0, structural = 0.0;
};

// As the clocks take them, but for stops at snapshots and sessions, and new stress that drawn subjects have.
Steps count_steps(const ClockParams& clock, const Scenario& s) {
    std::vector<Tick> events;
    for (const Treatment& t : s.treatments)
        for (const Tick at : t.at) events.insert(events.end(), {at, at + t.over});
    std::sort(events.begin(), events.end());
    std::vector<Tick> upheavals = events;
    upheavals.insert(std::upper_bound(upheavals.begin(), upheavals.end(), s.end()), s.end());
    const std::vector<Tick> visits = visits_of(s);  // as if no policy gave a dose
    Steps steps;
    for (Tick now = s.start; now < s.end(); ++steps.structural) {
        const Tick due = std::min(s.end(), next_structural_step(clock, s.start, upheavals, visits, now));
        while (now < due) {
            const auto event = std::upper_bound(events.begin(), events.end(), now);
            const Tick boundary = event == events.end() ? due : std::min(due, *event);
            now += slow_step(clock, boundary, events, now);
            ++steps.slow;
        }
    }
    return steps;
}

}  // namespace

Cost estimate(const Inputs& in, const Processes& processes) {
    const Scenario& s = in.scenario;
    const Size size = size_of(in);
    const double subjects = std::max(1U, s.cohort);
    Cost cost;
    cost.neurons = size.neurons;
    cost.synapses = size.live() + size.fixed;
    const Steps steps = count_steps(clock_of(in.model, s), s);
    cost.structural_steps = steps.structural * subjects;
    cost.slow_steps = steps.slow * subjects;
    cost.memory = memory_of(in, size, processes.ranks) * at_once(s, processes.threads);
    constexpr double kValue = sizeof(float), kSweeps = 2.0;
    cost.halo = halo_of(in, size, processes.ranks);
    cost.slow_traffic = cost.halo * kValue * kSweeps;  // rates of each sweep
    // Axons in use go to their owners, and vacancies come back.
    cost.structural_traffic = 2.0 * kValue * cost.halo * size.excitatory / size.neurons;
    cost.disk = disk_of(size, in);
    cost.checkpoint = checkpoint_bytes(size, s);
    return cost;
}

namespace {

constexpr double kDiskSpeed = 2e8;  // [byte/s] assumed: a usual disk; parallel file systems are faster

}  // namespace

int seconds_before_end(double bytes) {
    return 60 * std::max(2, static_cast<int>(std::ceil(2.0 * bytes / kDiskSpeed / 60.0)));
}

std::string stop_text(double bytes) {
    constexpr double kShort = 10.0;
    const double seconds = bytes / kDiskSpeed;
    const std::string much =
        fmt::format("about {:.{}f} MB, {} at {:.0f} MB/s", bytes / 1e6, bytes < 1e7 ? 1 : 0,
                    seconds < 1.0 ? "under 1 s" : duration_text(seconds), kDiskSpeed / 1e6);
    if (seconds < kShort) return much;
    return much + fmt::format(
                      "; a batch job needs its signal earlier than that (--signal=B:TERM@{}): Slurm's "
                      "KillWait is 30 s",
                      seconds_before_end(bytes));
}

void print_plan(const Inputs& in, const Processes& processes) {
    const Cost cost = estimate(in, processes);
    std::cout << resolved_yaml(in.scenario);
    fmt::print(
        "# neurons            {:.0f}\n# synapses           {:.3g}\n# slow steps         about {:.0f}\n# "
        "structural steps   {:.0f}\n",
        cost.neurons, cost.synapses, cost.slow_steps, cost.structural_steps);
    fmt::print(
        "# memory             about {:.0f} MB{}\n# disk               about {:.1f} MB\n", cost.memory / 1e6,
        processes.ranks > 1 ? fmt::format(" in each of {} ranks", processes.ranks) : "", cost.disk / 1e6);
    fmt::print("# checkpoint         {}\n", stop_text(cost.checkpoint));
    fmt::print("# time               {}\n", time_of(in, processes).text());
    if (processes.ranks > 1)
        fmt::print(
            "# halo               about {:.0f} neurons of other ranks in each\n"
            "# traffic            about {:.3f} MB to each rank in a slow step, {:.3f} MB in a structural "
            "one\n",
            cost.halo, cost.slow_traffic / 1e6, cost.structural_traffic / 1e6);
}

void need_memory_for(const Inputs& in, const Processes& processes) {
    const double at_most =
        memory_of(in, healthy_size(in), processes.ranks) * at_once(in.scenario, processes.threads);
    if (at_most * processes.here <= available_memory().amount) return;  // spares most runs the equilibrium
    need_memory(estimate(in, processes).memory * processes.here, in.scenario.name,
                in.scenario.cohort > 0 ? "give fewer --threads, a smaller network, or another machine"
                                       : "take a smaller network, or another machine");
}

}  // namespace respine
