#include "sim/expression/program.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace respine {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Loops for each instruction set: a op b, a op c, c op b. Their bits are those of compute().
RESPINE_CLONES void join_both(Op op, double* a, const double* b, size_t lanes) {
    switch (op) {
        case Op::kAdd:
            for (size_t l = 0; l < lanes; ++l) a[l] += b[l];
            return;
        case Op::kSubtract:
            for (size_t l = 0; l < lanes; ++l) a[l] -= b[l];
            return;
        case Op::kMultiply:
            for (size_t l = 0; l < lanes; ++l) a[l] *= b[l];
            return;
        default:
            for (size_t l = 0; l < lanes; ++l) a[l] = b[l] == 0.0 ? kUndefined : a[l] / b[l];
    }
}
RESPINE_CLONES void join_left(Op op, double* a, double c, size_t lanes) {
    switch (op) {
        case Op::kAdd:
            for (size_t l = 0; l < lanes; ++l) a[l] += c;
            return;
        case Op::kSubtract:
            for (size_t l = 0; l < lanes; ++l) a[l] -= c;
            return;
        case Op::kMultiply:
            for (size_t l = 0; l < lanes; ++l) a[l] *= c;
            return;
        default:
            for (size_t l = 0; l < lanes; ++l) a[l] = c == 0.0 ? kUndefined : a[l] / c;
    }
}
RESPINE_CLONES void join_right(Op op, double c, const double* b, double* to, size_t lanes) {
    switch (op) {
        case Op::kAdd:
            for (size_t l = 0; l < lanes; ++l) to[l] = c + b[l];
            return;
        case Op::kSubtract:
            for (size_t l = 0; l < lanes; ++l) to[l] = c - b[l];
            return;
        case Op::kMultiply:
            for (size_t l = 0; l < lanes; ++l) to[l] = c * b[l];
            return;
        default:
            for (size_t l = 0; l < lanes; ++l) to[l] = b[l] == 0.0 ? kUndefined : c / b[l];
    }
}
RESPINE_CLONES void load(double* to, const float* from, double factor, size_t lanes) {
    for (size_t l = 0; l < lanes; ++l) to[l] = static_cast<double>(from[l]) * factor;
}

bool joins(Op op) {
    return op == Op::kAdd || op == Op::kSubtract || op == Op::kMultiply || op == Op::kDivide;
}

}  // namespace

LaneProgram::LaneProgram(const Formula& formula, std::vector<bool> same)
    : steps_(formula.steps().begin(), formula.steps().end()), same_(std::move(same)) {}

// As compute() goes through the steps: a value that waits is a constant or lies in the register of its place.
void LaneProgram::prepare(std::span<const double> values) {
    code_.clear();
    constant_.reset();
    deepest_ = 1;
    std::vector<std::optional<double>> waiting;  // a constant, or nothing for a register
    for (const FormulaStep& step : steps_) {
        const auto at = static_cast<u32>(waiting.size() - step.operands);
        std::optional<double> result;
        if (step.op == Op::kNumber) {
            result = step.number;
        } else if (step.op == Op::kName) {
            if (same_[step.place])
                result = values[step.place] * step.number;
            else
                code_.push_back({Instruction::Kind::kLoad, step, at, 0.0});
        } else {
            result = emit(step, std::span(waiting).subspan(at), at);
        }
        waiting.resize(at);
        waiting.push_back(result);
        deepest_ = std::max(deepest_, waiting.size());
    }
    constant_ = waiting.front();
}

std::optional<double> LaneProgram::emit(const FormulaStep& step,
                                        std::span<const std::optional<double>> operands, u32 at) {
    const bool all_same = std::ranges::all_of(operands, [](const auto& c) { return c.has_value(); });
    if (all_same) {
        std::array<double, 3> value;
        std::array<double*, 3> on{&value[0], &value[1], &value[2]};
        for (size_t k = 0; k < operands.size(); ++k) value[k] = *operands[k];
        compute(step, std::span<double* const>(on).first(operands.size()), 1);
        return value[0];
    }
    using enum Instruction::Kind;
    if (joins(step.op)) {
        const Instruction::Kind kind = operands[0] ? kRight : operands[1] ? kLeft : kBoth;
        code_.push_back({kind, step, at, operands[0].value_or(operands[1].value_or(0.0))});
        return std::nullopt;
    }
    for (u32 k = 0; k < operands.size(); ++k)
        if (operands[k]) code_.push_back({kFill, step, at + k, *operands[k]});
    code_.push_back({kCall, step, at, 0.0});
    return std::nullopt;
}

void LaneProgram::run(std::span<const float* const> arrays, size_t first, std::span<double> out) const {
    const size_t lanes = out.size();
    if (constant_) {
        std::ranges::fill(out, *constant_);
        return;
    }
    constexpr size_t kRegisters = 8;  // of most formulas
    std::array<double, kRegisters * kTogether> few;
    std::vector<double> many(deepest_ > kRegisters ? deepest_ * kTogether : 0);
    double* const room = many.empty() ? few.data() : many.data();
    const auto reg = [&](size_t k) { return room + k * kTogether; };
    for (const Instruction& i : code_) {
        using enum Instruction::Kind;
        switch (i.kind) {
            case kLoad:
                load(reg(i.at), arrays[i.step.place] + first, i.step.number, lanes);
                break;
            case kFill:
                std::fill_n(reg(i.at), lanes, i.constant);
                break;
            case kBoth:
                join_both(i.step.op, reg(i.at), reg(i.at + 1), lanes);
                break;
            case kLeft:
                join_left(i.step.op, reg(i.at), i.constant, lanes);
                break;
            case kRight:
                join_right(i.step.op, i.constant, reg(i.at + 1), reg(i.at), lanes);
                break;
            case kCall: {
                std::array<double*, 3> on{};
                for (u32 k = 0; k < i.step.operands; ++k) on[k] = reg(i.at + k);
                compute(i.step, std::span<double* const>(on).first(i.step.operands), lanes);
                break;
            }
        }
    }
    std::copy_n(reg(0), lanes, out.begin());
}

}  // namespace respine
