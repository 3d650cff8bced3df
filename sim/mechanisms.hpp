// The mechanisms that a scenario brings (sim/model/mechanism.hpp): their formulas, checked against the names
// and units of quantities, compiled, and advanced in the chain between glutamate and AMPA, in the order of
// the list. A formula reads what the step has made so far: rates, glutamate and drugs of now, and what comes
// behind them of the step before.
#pragma once

#include <string>
#include <vector>

#include "sim/expression/program.hpp"
#include "sim/mechanism/check.hpp"
#include "sim/quantity.hpp"

namespace respine {

struct Cast;

// What formulas of mechanisms may read: quantities up to signalling, and the mechanisms themselves.
std::vector<Quantity> readable_quantities(const Cast& cast, std::span<const Mechanism> mechanisms);

// All that is wrong with them.
std::vector<MechanismProblem> problems_of(std::span<const Mechanism> mechanisms, const Cast& cast);

class Mechanisms {
public:
    Mechanisms() = default;
    // Of mechanisms that problems_of finds nothing wrong with.
    Mechanisms(std::span<const Mechanism> mechanisms, std::vector<Quantity> readable);

    // Gives every state its first value. Called by all ranks, as advance is.
    void begin(const Simulation& sim, State& state);
    void advance(const Simulation& sim, State& state, double hours);
    // Scales what the chain holds of these neurons at this point of it.
    void act(ActsOn on, const State& state, Slice neurons, std::span<float> values) const;
    void forget_scratch(std::span<const Slice> own);

private:
    struct Part {
        LaneProgram program;
        std::vector<u32> reads;      // places
        std::vector<double> values;  // by place, of what is the same for all; constants behind the others
    };
    struct Own {
        Mechanism spec;
        size_t number = 0;
        double unit = 1.0;  // in base units
        std::optional<Part> production, decay, initial, factor;
    };
    Part compiled(const std::string& text, const Mechanism& mechanism, HeldBy held);
    double value_now(size_t place, const Simulation& sim, const State& state, bool held) const;
    void prepare(Part& part, const Simulation& sim, const State& state, bool held) const;
    std::vector<const float*> arrays(const State& state, bool held) const;
    void spread_glutamate(const Simulation& sim, const State& state);
    void begin_own(Own& own, const Simulation& sim, State& state);
    void advance_own(Own& own, const Simulation& sim, State& state, double hours);

    std::vector<Quantity> readable_;
    std::vector<std::optional<size_t>> own_at_;  // the mechanism whose state a place of `readable_` is
    std::vector<Own> own_;
    bool reads_glutamate_ = false;
    NeuronArray<float> glutamate_;          // of each neuron's voxel
    std::vector<NeuronArray<float>> held_;  // means of states over the step
    std::vector<double> held_of_subject_;
};

}  // namespace respine
