// A formula compiled for many neurons: what is the same for all of them is computed once, and the rest by
// vector code on stretches of neurons whose values stay in the first-level cache. The bits are those of
// Formula::values.
#pragma once

#include "sim/expression/formula.hpp"

namespace respine {

class LaneProgram {
public:
    static constexpr size_t kTogether = 256;  // neurons of a stretch

    // `same`: by place, whether a value is the same for all neurons.
    LaneProgram(const Formula& formula, std::vector<bool> same);

    // Takes the values of places that are the same for all, in the units of their symbols.
    void prepare(std::span<const double> values);
    // After that: the value of a formula that is the same for all.
    bool same(u32 place) const { return same_[place]; }
    bool same_for_all() const { return constant_.has_value(); }
    double value() const { return *constant_; }

    // For neurons from `first` on, at most kTogether: what the formula is, in base units. `arrays`: by place,
    // the values of all neurons, where these differ.
    void run(std::span<const float* const> arrays, size_t first, std::span<double> out) const;

private:
    struct Instruction {
        enum class Kind { kLoad, kFill, kBoth, kLeft, kRight, kCall } kind;
        FormulaStep step;
        u32 at = 0;  // register of the result, and of the first operand
        double constant = 0.0;
    };
    // What the step makes of these, where that is a constant; else code that leaves it in register `at`.
    std::optional<double> emit(const FormulaStep& step, std::span<const std::optional<double>> operands,
                               u32 at);

    std::vector<FormulaStep> steps_;
    std::vector<bool> same_;
    std::vector<Instruction> code_;
    std::optional<double> constant_;
    size_t deepest_ = 1;
};

}  // namespace respine
