// The library from outside: one subject, stepped by hand.
#include <cstdio>

#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

int main() {
    const respine::Settings small = {{"network.neurons", "300"}, {"network.synapses_per_neuron", "40"},
                                     {"duration", "6 h"},        {"start", "-1 h"},
                                     {"record.snapshots", "[]"}, {"imaging.sessions", "[]"}};
    respine::Simulation sim(respine::load_inputs(respine::load_scenario("mouse-ketamine-10mgkg", small)));
    while (!sim.done()) sim.advance();
    std::printf("%.6f fold glutamate at %.0f h, %llu synapses\n", sim.glutamate_mean(),
                respine::in_hours(sim.now()), static_cast<unsigned long long>(sim.state().live));
}
