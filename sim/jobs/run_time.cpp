// How long a run would take: a pilot of it, or of a smaller network of its kind, and what messages between
// ranks add.

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "sim/jobs/plan.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

constexpr double kPilotSeconds = 2.0;

// A network of the same kind with about so many synapses at most, where that is possible: a plan of a large
// one must not take its memory, nor minutes.
Inputs pilot_of(Inputs in, double most_synapses) {
    constexpr double kOfScale = 4e7;  // synapses of the whole microcircuit that a scale counts by
    NetworkChoice& network = in.scenario.network;
    const double each = std::max(1U, network.synapses_per_neuron);
    if (network.neurons > 0)
        network.neurons = std::min(network.neurons, std::max(2 * network.synapses_per_neuron,
                                                             static_cast<u32>(most_synapses / each)));
    if (network.kind == NetworkKind::kMicrocircuit)
        network.scale = std::min(network.scale, most_synapses / kOfScale);
    if (in.scenario.cohort > 0) in.scenario.subject = 1;
    in.scenario.cohort = 0;
    in.scenario.sessions.clear();
    in.scenario.coordination.sessions.clear();
    in.scenario.snapshots.clear();
    if (in.scenario.integrator ==
        Integrator::kExplicit)  // a whole step may take minutes: they end at seconds
        for (Tick t = 1; t < std::min<Tick>(600, in.scenario.duration); ++t)
            in.scenario.snapshots.push_back(in.scenario.start + t);
    return in;
}

}  // namespace

std::string RunTime::text() const {
    return std::isfinite(seconds) ? fmt::format("about {} (pilot: {})", duration_text(seconds), pilot)
                                  : "not known: " + pilot;
}

namespace {

RunTime time_by_pilot(const Inputs& in, const Inputs& small, const Cost& whole, const Cost& own,
                      int threads) {
    const Scenario& s = in.scenario;
    const WallTime building = wall_now();
    Simulation sim(small);
    const double built = seconds_since(building);
    const WallTime begun = wall_now();
    while (!sim.done() && seconds_since(begun) < kPilotSeconds) sim.advance();
    const double seconds = seconds_since(begun), simulated = static_cast<double>(sim.now() - s.start);
    const double done = sim.done() ? 1.0
                        : s.integrator == Integrator::kExplicit
                            ? simulated / static_cast<double>(s.duration)
                            : static_cast<double>(sim.effort().slow_steps) / own.slow_steps;
    // Rates are read by 24 bits instead of 16 (bench/README.md).
    constexpr double kNarrow = 65536.0, kWideOverNarrow = 1.2;
    const double wider = own.neurons <= kNarrow && whole.neurons > kNarrow ? kWideOverNarrow : 1.0;
    const double turns =
        s.cohort == 0 ? 1.0 : std::ceil(static_cast<double>(s.cohort) / std::min<double>(s.cohort, threads));
    const std::string much =
        simulated < kHour ? fmt::format("{:.0f} s", simulated) : fmt::format("{:.1f} h", simulated / kHour);
    return {(built + seconds / done) * whole.synapses / own.synapses * wider * turns,
            fmt::format("{} of {:.0f} neurons in {:.1f} s", much, own.neurons, built + seconds)};
}

// Ranks share what one process does, and tell each other of it: the cost model of docs/mpi.md.
RunTime shared(const RunTime& alone, const Cost& cost, u32 ranks) {
    constexpr double kCall = 2e-6, kSpeed = 5e9;  // [s] for each doubling of the ranks, [byte/s] into a rank
    constexpr double kSlowCalls = 31.0, kStructuralCalls = 20.0;  // of a step
    constexpr double kSlowest = 1.1;  // that all wait for, over the mean rank, as measured on two cores
    const double calls = cost.slow_steps * kSlowCalls + cost.structural_steps * kStructuralCalls,
                 bytes =
                     cost.slow_steps * cost.slow_traffic + cost.structural_steps * cost.structural_traffic;
    return {kSlowest * alone.seconds / ranks + calls * kCall * std::ceil(std::log2(ranks)) + bytes / kSpeed,
            alone.pilot + "; each rank with cores of its own, messages of 2 us at 5 GB/s"};
}

}  // namespace

RunTime time_of(const Inputs& in, const Processes& processes) {
    // The second looks at a network that no longer lies in the caches, if the first says that there is time.
    constexpr double kPilots[] = {4e5, 1e7}, kMostSynapses = 2e7;
    const int threads = processes.threads;
    const Cost whole = estimate(in, {threads});
    omp_set_num_threads(in.scenario.cohort > 0 ? 1 : threads);  // subjects of a cohort run side by side
    RunTime time;
    double synapses = 0.0;
    for (const double most : kPilots) {
        const Inputs small = pilot_of(in, most);
        const Cost own = estimate(small, {threads});
        if (own.synapses > kMostSynapses && synapses == 0.0)
            time = {NAN, "the network of the file is too large for a pilot"};
        if (own.synapses > kMostSynapses || own.synapses < 2.0 * synapses) break;
        const double expected = time.seconds * own.synapses / whole.synapses;
        if (synapses > 0.0 && (in.scenario.cohort > 0 || expected > 4.0 * kPilotSeconds)) break;
        synapses = own.synapses;
        try {
            time = time_by_pilot(in, small, whole, own, threads);
        } catch (const Error& e) {
            time = {NAN, e.what()};
            break;
        }
    }
    omp_set_num_threads(threads);
    return processes.ranks == 1 ? time : shared(time, estimate(in, processes), processes.ranks);
}

}  // namespace respine
