// Every quantity of a run, declared once: what it is called and measured in, its stage of the chain, what it
// begins with, what it may be, where it is kept, and how it is read off a simulation. From these rows come
// the arrays of the state and their first values, the physical check, the checkpoint, snapshots, history and
// plan, and the attributes of the datasets, by which compare, the figures and the page name, group and scale
// what they show.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/model.hpp"
#include "sim/state.hpp"

namespace respine {

class Simulation;
struct Turnover;

// Stages of the chain, in its order.
enum class Stage { kDose, kNmdaBlock, kRates, kGlutamate, kAmpa, kBdnf, kSignalling, kSpines, kReadout };
inline constexpr std::string_view kStageNames[] = {"dose", "block",      "rates",  "glutamate", "AMPA",
                                                   "BDNF", "signalling", "spines", "readout"};
inline std::string_view name_of(Stage stage) { return kStageNames[static_cast<size_t>(stage)]; }

// Who has a value of it.
enum class Scope { kSubject, kNeuron, kExcitatory, kVoxel };

struct Range {  // closed; infinity lies in no finite one
    double least = -std::numeric_limits<double>::max(), most = std::numeric_limits<double>::max();
    bool may_be_undefined = false;  // NaN lies in no other range
    bool holds(double value) const {
        return (value >= least && value <= most) || (may_be_undefined && std::isnan(value));
    }
};
// Such as a response where there is nothing to restore.
inline constexpr Range kDefinedOrNot{.may_be_undefined = true};

// Where it is kept besides the checkpoint, which has all that the state holds.
enum class Kept {
    kNowhere,
    kSnapshots,  // every value of it at the wanted times
    kHistory,    // a row each few minutes: the value, or mean, SD and quantiles over neurons or voxels
    kBoth,
};

// How far to the front it stands in what people look at.
enum class Prominence {
    kRecorded,  // in the run file alone
    kCompared,  // in the table of `respine compare` too
    kShown,     // in its figures and on the page too
};

inline constexpr std::string_view kProminenceNames[] = {"recorded", "compared", "shown"};
inline std::string_view name_of(Prominence p) { return kProminenceNames[static_cast<size_t>(p)]; }

// How people read it; the file holds `unit`.
struct Shown {
    std::string label = "";  // short, for an axis
    std::string unit = "";   // that of the file
    double factor = 1.0;
};

// Values by number of neuron, and of whom; each rank has those of its own neurons.
struct Spread {
    std::vector<Slice> of;
    std::span<const float> values;
    NeuronArray<float> made{};  // holds them, where they are made for the look
};

struct Quantity {
    std::string name, unit, long_name;
    Stage stage;
    Scope scope;
    Shown shown;
    Prominence prominence = Prominence::kRecorded;
    Kept kept = Kept::kNowhere;
    Range range{};
    // Before the first step; baselines and what depends on the subject follow from the model.
    double initial = 0.0;

    // One of these: held by the state, or computed from the simulation when it is looked at.
    std::function<NeuronArray<float>&(State&)> array{};
    std::function<double&(State&)> number{};
    std::function<double(const Simulation&, const Turnover&)> value{};
    std::function<Spread(const Simulation&)> values{};

    bool in_snapshots() const { return kept == Kept::kSnapshots || kept == Kept::kBoth; }
    bool in_history() const { return kept == Kept::kHistory || kept == Kept::kBoth; }
    bool distributed() const { return array || values; }  // one value a neuron or voxel
    std::span<const float> of(const State& state) const { return array(const_cast<State&>(state)); }
    double number_of(const State& state) const { return number(const_cast<State&>(state)); }
};

// What the state holds: every array and number of it but times, counts and the blocked shares; with the
// states of mechanisms that a scenario brings.
std::vector<Quantity> state_quantities(std::span<const Mechanism> mechanisms = {});

inline constexpr Range kBlockRange{-1e-9, 1.0 + 1e-9};  // of the blocked share of a subunit

// Gives every array of the state its length and first value, and every number its first value.
void allocate(State& state, const Network& network, std::span<const Quantity> quantities);

// Which of a quantity's `values` values this rank has: those of its own neurons, and of all voxels.
std::vector<Slice> own_part(const Quantity& quantity, const Network& network, size_t values);

struct Violation {
    std::string_view name, unit;
    std::string of;  // "neuron 3", "voxel 7", "blocker 0", "the subject"
    double value;
    Range range;
};

// The first value of this rank that is not finite or out of its range.
std::optional<Violation> find_violation(const State& state, const Network& network,
                                        std::span<const Quantity> quantities);

}  // namespace respine
