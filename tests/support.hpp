// What several tests share: a shipped scenario made small, and a run of it.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "sim/imaging.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/simulation.hpp"

namespace respine::test {

// A shipped scenario on a smaller network and for a shorter time; sessions and snapshots outside the run are
// dropped.
inline Scenario shrunk(const std::string& name, u32 neurons, u32 synapses, Tick end = 0,
                       const Settings& settings = {}) {
    Scenario s = load_scenario(name, settings);
    if (s.network.kind == NetworkKind::kMicrocircuit) {
        s.network.scale = neurons / 77169.0;
    } else {
        s.network.neurons = neurons;
        s.network.synapses_per_neuron = synapses;
    }
    if (end > 0) s.duration = std::min(s.duration, end - s.start);
    const auto cut = [&](std::vector<Tick>& times) {
        std::erase_if(times, [&](Tick t) { return t > s.end(); });
    };
    cut(s.snapshots);
    cut(s.sessions);
    for (Treatment& t : s.treatments) cut(t.at);
    std::erase_if(s.treatments, [](const Treatment& t) { return t.at.empty(); });
    return s;
}

inline void run_to(Simulation& sim, Tick end) {
    while (sim.now() < end) sim.advance();
}

// Runs to the end with the virtual microscope; `each` is called after every step.
inline std::vector<ImagingSession> imaged(Simulation& sim,
                                          const std::function<void(const Simulation&)>& each = {}) {
    ImagingRig rig(sim.scenario().dendrites, sim.seed(), sim.model().imaging, sim.network());
    size_t next = 0;
    while (true) {
        const auto& sessions = sim.scenario().sessions;
        while (next < sessions.size() && sessions[next] <= sim.now()) {
            rig.look(sim.now(), sim.network());
            ++next;
        }
        if (each) each(sim);
        if (sim.done()) return rig.sessions();
        sim.advance();
    }
}

inline double seen(const ImagingSession& session) {
    double n = 0.0;
    for (const auto& d : session.dendrite) n += static_cast<double>(d.size());
    return n;
}

inline double mean_of(std::span<const float> v) {
    double s = 0.0;
    for (float x : v) s += x;
    return s / static_cast<double>(v.size());
}

// Mean rate of a population [Hz].
inline double group_rate(const Simulation& sim, const std::string& population) {
    double sum = 0.0, n = 0.0;
    for (const Group& g : sim.network().groups)
        if (g.population == population)
            for (u32 i = g.first; i < g.last; ++i, n += 1.0) sum += sim.state().rate[i];
    return sum / n;
}

}  // namespace respine::test
