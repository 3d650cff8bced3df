// A formula compiled for many neurons: what is the same for all of them is computed once, and the rest by
// vector code on stretches of neurons whose values stay in the first-level cache. The bits are those of
// Formula::values.
#pragma once

#include <array>

#include "sim/expression/formula.hpp"

namespace respine {

// x becomes x * by + plus; as it is made, x stays what it is, -0 too.
struct Scaling {
    double by = 1.0, plus = -0.0;
};
using Scalings = std::array<Scaling, 2>;  // one after the other

class LaneProgram {
public:
    static constexpr size_t kTogether = 512;  // neurons of a stretch

    // `same`: by place, whether a value is the same for all neurons.
    LaneProgram(const Formula& formula, std::vector<bool> same);

    // Takes the values of places that are the same for all, in the units of their symbols.
    void prepare(std::span<const double> values);
    bool same(u32 place) const { return same_[place]; }
    // After that: the value of a formula that is the same for all.
    bool same_for_all() const { return constant_.has_value(); }
    double value() const { return *constant_; }

    // For neurons from `first` on, at most kTogether: what the formula is, in base units. `arrays`: by place,
    // the values of all neurons, where these differ.
    void run(std::span<const float* const> arrays, size_t first, std::span<double> out) const;

private:
    // A value while it waits for its operation: a constant, or in a register.
    struct Waiting {
        std::optional<double> constant{};
        u32 in = 0;
    };
    struct Instruction {
        enum class Kind { kLoad, kScale, kFill, kJoin, kLeftOver, kOverRight, kCall } kind;
        FormulaStep step{};
        std::array<u32, 3> on{};  // registers of the operands; the result takes the first
        double constant = 0.0;
        Scalings scalings{};  // of kLoad and kScale
        size_t scaled = 0;    // how many of them say something
    };
    u32 free_register(std::span<const Waiting> waiting);
    Waiting made(const FormulaStep& step, std::span<const Waiting> waiting);
    Waiting joined(const FormulaStep& step, const Waiting& a, const Waiting& b);
    void scale(u32 in, Scaling scaling);
    static void follow(const Instruction& i, const std::array<double*, 3>& on, const float* from,
                       size_t lanes);

    std::vector<FormulaStep> steps_;
    std::vector<bool> same_;
    std::vector<Instruction> code_;
    std::optional<double> constant_;
    u32 result_ = 0, registers_ = 1;
};

}  // namespace respine
