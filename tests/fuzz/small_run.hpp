// A run to make good files from, as small as it may be: each execution reads them whole.
#pragma once

#include "sim/io/run/inputs.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine::fuzz {

inline Inputs small_inputs() {
    const char* text =
        "name: small\nmodel: mouse\nstart: -1 h\nduration: 3 h\nnetwork: {kind: sheet, neurons: 20, "
        "synapses_per_neuron: 5}\nstress: {severity: 1}\n"
        "treatments: [{drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}]\nrecord: {history: 1 h, "
        "snapshots: [0 h, 1 h], synapse_events: true}\n"
        "imaging: {sessions: [-1 h, 1 h, 2 h], dendrites: 2}\n";
    return load_inputs(read_scenario(parse_yaml(text, "small.yaml"), {}));
}

// Advances to `end`, recording what is due.
inline void record_to(Simulation& sim, Recorder& recorder, Tick end) {
    recorder.observe(sim);
    while (!sim.done() && sim.now() < end) {
        sim.advance();
        recorder.observe(sim);
    }
}

}  // namespace respine::fuzz
