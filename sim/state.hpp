// The state of a run besides the graph. Each array and number has its row in sim/quantities.cpp. Of a shared
// network a rank has the values of its own neurons, and the rates of those that its synapses come from.
#pragma once

#include <array>
#include <vector>

#include "kernels/activity/adaptation.hpp"
#include "kernels/activity/relaxation.hpp"
#include "kernels/numerics/neuron_array.hpp"
#include "kernels/plasticity/signalling.hpp"
#include "sim/model/scenario.hpp"
#include "sim/network/network.hpp"

namespace respine {

struct State {
    Tick now = 0;
    Tick structural_from = 0, structural_due = 0;  // when synapses turned over last, and do next

    // every neuron
    NeuronArray<float> rate;                    // [Hz]
    NeuronArray<float> rate_baseline;           // drug-free, at the start [Hz]
    NeuronArray<float> excitation, inhibition;  // fixed synaptic input of the last sweep [1]

    // excitatory neurons
    NeuronArray<float> recurrent;           // plastic input of the last sweep [1]
    NeuronArray<float> recurrent_baseline;  // drug-free, at the start [1]
    NeuronArray<float> potentiation;        // alpha [1]
    NeuronArray<float> ampa;                // [fold of 1 + habit]
    NeuronArray<float> habit;               // drive of the last hours, less 1 [fold]
    NeuronArray<float> bdnf_excess;         // [fold]
    NeuronArray<float> trkb, trkb_internalised, mtorc1, protein_pool;  // [1]
    std::array<NeuronArray<float>, kLagStages> lag;                    // [1]
    NeuronArray<float> pool_then, lag_then;                            // at the last structural step [1]
    NeuronArray<float> elements;                                       // growth rule only [count]
    NeuronArray<float> set_point;  // n* that is defended now, of each of the plastic ones on spines [count]

    // of the mechanisms that the scenario brings, by number: of each excitatory neuron, or of the subject
    std::vector<NeuronArray<float>> own;
    std::vector<double> own_of_subject;

    // voxels
    NeuronArray<float> glutamate;         // [fold]
    NeuronArray<float> release_baseline;  // mean drug-free pyramidal rate of the voxel [Hz]

    // one value a subject
    std::array<std::vector<SubunitValues>, kCellTypes> block;  // by cell type and blocker
    double translation = 0.0;                                  // [1]
    double bdnf_supply = 1.0;                                  // [1]
    double beta = 1.0;                                         // basal BDNF release [1]
    AdaptationState adaptation;
    double new_stress = 0.0;  // that is still felt [1]

    // counts of the last structural step: of all spines, of those in each region, and of the live synapses of
    // each of the plastic ones
    u64 formed = 0, lost = 0, live = 0;
    std::vector<u64> spines_in, live_of;
    double structural_days = 0.0;  // its length [d]
    std::vector<u64> turned;       // by then: shortest structural steps up to the last turnover of each
};

}  // namespace respine
