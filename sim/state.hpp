// The state of a run besides the graph: one array per field, and the table that declares each field once.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "kernels/adaptation.hpp"
#include "kernels/relaxation.hpp"
#include "kernels/signalling.hpp"
#include "sim/network.hpp"
#include "sim/scenario.hpp"

namespace respine {

struct State {
    Tick now = 0;

    // every neuron
    std::vector<float> rate;           // [Hz]
    std::vector<float> rate_baseline;  // drug-free, at the start [Hz]
    std::vector<float> excitation, inhibition;  // fixed synaptic input of the last sweep [1]

    // excitatory neurons
    std::vector<float> recurrent;           // plastic input of the last sweep [1]
    std::vector<float> recurrent_baseline;  // drug-free, at the start [1]
    std::vector<float> potentiation;        // alpha [1]
    std::vector<float> ampa;                // [fold]
    std::vector<float> bdnf_excess;         // [fold]
    std::vector<float> trkb, trkb_internalised, mtorc1, protein_pool;  // [1]
    std::array<std::vector<float>, kLagStages> lag;  // [1]
    std::vector<float> axonal_vacancy;      // as published at the last structural step [1]
    std::vector<float> elements;            // growth rule only [count]

    // voxels
    std::vector<float> glutamate;           // [fold]
    std::vector<float> release_baseline;    // mean drug-free pyramidal rate of the voxel [Hz]

    // one value a subject
    std::vector<SubunitValues> block;       // by blocker
    double translation = 0.0;               // [1]
    double beta = 1.0;                      // basal BDNF release [1]
    AdaptationState adaptation;

    // counts of the last structural step
    u64 formed = 0, lost = 0, live = 0;
    double structural_days = 0.0;           // its length [d]
};

enum class Scope { kNeuron, kExcitatory };

// One recorded field of the neurons.
struct Field {
    std::string_view name, unit, long_name;
    Scope scope;
    std::span<const float> (*values)(const State&);
};

std::span<const Field> fields();

const Field* find_field(std::string_view name);

}  // namespace respine
