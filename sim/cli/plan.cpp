#include "sim/cli/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "sim/io/scenario_yaml.hpp"

namespace respine {

namespace {

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

}  // namespace

void print_plan(const Inputs& in) {
    const Scenario& s = in.scenario;
    const Estimate e = estimate(s, in.network);
    std::cout << resolved_yaml(s);
    fmt::print("# neurons            {:.0f}\n# synapses           {:.3g}\n# slow steps         about {:.0f}\n# structural steps   {:.0f}\n", e.neurons,
               e.synapses, e.slow_steps, e.structural_steps);
    fmt::print("# memory             about {:.0f} MB\n# disk               about {:.0f} MB\n", e.memory / 1e6, e.disk / 1e6);
}

}  // namespace respine
