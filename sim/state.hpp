// The state of a run besides the graph: one array per field, and the table that declares each field once.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
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
    std::vector<float> rate;                    // [Hz]
    std::vector<float> rate_baseline;           // drug-free, at the start [Hz]
    std::vector<float> excitation, inhibition;  // fixed synaptic input of the last sweep [1]

    // excitatory neurons
    std::vector<float> recurrent;                                      // plastic input of the last sweep [1]
    std::vector<float> recurrent_baseline;                             // drug-free, at the start [1]
    std::vector<float> potentiation;                                   // alpha [1]
    std::vector<float> ampa;                                           // [fold]
    std::vector<float> bdnf_excess;                                    // [fold]
    std::vector<float> trkb, trkb_internalised, mtorc1, protein_pool;  // [1]
    std::array<std::vector<float>, kLagStages> lag;                    // [1]
    std::vector<float> axonal_vacancy;  // as published at the last structural step [1]
    std::vector<float> elements;        // growth rule only [count]

    // voxels
    std::vector<float> glutamate;         // [fold]
    std::vector<float> release_baseline;  // mean drug-free pyramidal rate of the voxel [Hz]

    // one value a subject
    std::vector<SubunitValues> block;  // by blocker
    double translation = 0.0;          // [1]
    double beta = 1.0;                 // basal BDNF release [1]
    AdaptationState adaptation;

    // counts of the last structural step
    u64 formed = 0, lost = 0, live = 0;
    double structural_days = 0.0;  // its length [d]
};

enum class Scope { kNeuron, kExcitatory, kVoxel };

struct Range {  // closed; infinity lies in no finite one
    double least = -std::numeric_limits<double>::max(), most = std::numeric_limits<double>::max();
    bool may_be_undefined = false;  // NaN lies in no other range
    bool holds(double value) const {
        return (value >= least && value <= most) || (may_be_undefined && std::isnan(value));
    }
};
inline constexpr Range kReadout{.may_be_undefined =
                                    true};  // such as a response where there is nothing to restore

// One array of the state. The table drives the snapshots, the checkpoint and the physical check.
struct Field {
    std::string_view name, unit, long_name;
    Scope scope;
    Range range;    // outside it the run has left what is physical
    bool recorded;  // in the snapshots
    std::vector<float>& (*values)(State&);

    std::span<const float> of(const State& state) const { return values(const_cast<State&>(state)); }
};

std::span<const Field> fields();  // every array of the state
std::vector<const Field*> recorded_fields();

// One number of the state. The table drives the checkpoint and the physical check.
struct Number {
    std::string_view name, unit;
    Range range;
    double& (*value)(State&);

    double of(const State& state) const { return value(const_cast<State&>(state)); }
};

std::span<const Number> numbers();                      // every number of the state but times and counts
inline constexpr Range kBlockRange{-1e-9, 1.0 + 1e-9};  // of the blocked share of a subunit

struct Violation {
    std::string_view name, unit;
    std::string of;  // "neuron 3", "voxel 7", "blocker 0", "the subject"
    double value;
    Range range;
};

// The first value that is not finite or out of its range.
std::optional<Violation> find_violation(const State& state);

}  // namespace respine
