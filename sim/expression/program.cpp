#include "sim/expression/program.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace respine {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Loops for each instruction set. Their bits are those of compute().
RESPINE_CLONES void join(Op op, double* a, const double* b, size_t lanes) {
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
RESPINE_CLONES void divide_by(double* a, double c, size_t lanes) {
    for (size_t l = 0; l < lanes; ++l) a[l] = c == 0.0 ? kUndefined : a[l] / c;
}
RESPINE_CLONES void divide(double c, double* b, size_t lanes) {
    for (size_t l = 0; l < lanes; ++l) b[l] = b[l] == 0.0 ? kUndefined : c / b[l];
}
RESPINE_CLONES void load(double* to, const float* from, double factor, const Scalings& scalings,
                         size_t lanes) {
    const auto [p, q] = scalings;
    for (size_t l = 0; l < lanes; ++l) {
        const double x = static_cast<double>(from[l]) * factor;
        to[l] = (x * p.by + p.plus) * q.by + q.plus;
    }
}
RESPINE_CLONES void scale_by(double* x, const Scalings& scalings, size_t lanes) {
    const auto [p, q] = scalings;
    for (size_t l = 0; l < lanes; ++l) x[l] = (x[l] * p.by + p.plus) * q.by + q.plus;
}

bool joins(Op op) {
    return op == Op::kAdd || op == Op::kSubtract || op == Op::kMultiply || op == Op::kDivide;
}

}  // namespace

LaneProgram::LaneProgram(const Formula& formula, std::vector<bool> same)
    : steps_(formula.steps().begin(), formula.steps().end()), same_(std::move(same)) {}

void LaneProgram::prepare(std::span<const double> values) {
    code_.clear();
    registers_ = 1;
    std::vector<Waiting> waiting;
    for (const FormulaStep& step : steps_) {
        Waiting result;
        if (step.op == Op::kNumber) {
            result.constant = step.number;
        } else if (step.op == Op::kName && same_[step.place]) {
            result.constant = values[step.place] * step.number;
        } else if (step.op == Op::kName) {
            result.in = free_register(waiting);
            code_.push_back({Instruction::Kind::kLoad, step, {result.in}});
        } else {
            result = made(step, waiting);
        }
        waiting.resize(waiting.size() - step.operands);
        waiting.push_back(result);
    }
    constant_ = waiting.front().constant;
    result_ = waiting.front().in;
}

u32 LaneProgram::free_register(std::span<const Waiting> waiting) {
    u32 in = 0;
    const auto taken = [&](const Waiting& w) { return !w.constant && w.in == in; };
    while (std::ranges::any_of(waiting, taken)) ++in;
    registers_ = std::max(registers_, in + 1);
    return in;
}

// What a step makes of the last values that wait.
LaneProgram::Waiting LaneProgram::made(const FormulaStep& step, std::span<const Waiting> waiting) {
    const std::span<const Waiting> operands = waiting.last(step.operands);
    const auto constant = [](const Waiting& w) { return w.constant.has_value(); };
    if (std::ranges::all_of(operands, constant)) {
        std::array<double, 3> value{};
        const std::array<double*, 3> on{&value[0], &value[1], &value[2]};
        for (size_t k = 0; k < operands.size(); ++k) value[k] = *operands[k].constant;
        compute(step, std::span<double* const>(on).first(operands.size()), 1);
        return {value[0]};
    }
    if (joins(step.op)) return joined(step, operands[0], operands[1]);
    Instruction call{Instruction::Kind::kCall, step};
    std::vector<Waiting> taken(waiting.begin(), waiting.end());
    for (size_t k = 0; k < operands.size(); ++k) {
        Waiting& w = taken[waiting.size() - operands.size() + k];
        if (w.constant) {
            const u32 in = free_register(taken);
            code_.push_back({Instruction::Kind::kFill, {}, {in}, *w.constant});
            w = {{}, in};
        }
        call.on[k] = w.in;
    }
    code_.push_back(call);
    return {{}, call.on[0]};
}

LaneProgram::Waiting LaneProgram::joined(const FormulaStep& step, const Waiting& a, const Waiting& b) {
    using enum Instruction::Kind;
    const u32 in = a.constant ? b.in : a.in;
    const double c = a.constant.value_or(b.constant.value_or(0.0));
    if (!a.constant && !b.constant)
        code_.push_back({kJoin, step, {a.in, b.in}});
    else if (step.op == Op::kDivide)
        code_.push_back({a.constant ? kLeftOver : kOverRight, step, {in}, c});
    else if (step.op == Op::kMultiply)
        scale(in, {c, -0.0});
    else if (step.op == Op::kAdd)
        scale(in, {1.0, c});
    else
        scale(in, a.constant ? Scaling{-1.0, c} : Scaling{1.0, -c});
    return {{}, in};
}

// In one loop with what is loaded or scaled just before; a term that is added joins the factor before it.
void LaneProgram::scale(u32 in, Scaling scaling) {
    using enum Instruction::Kind;
    const bool follows = !code_.empty() && code_.back().on[0] == in &&
                         (code_.back().kind == kLoad || code_.back().kind == kScale);
    if (follows && code_.back().scaled > 0 && scaling.by == 1.0) {
        Scaling& before = code_.back().scalings[code_.back().scaled - 1];
        if (before.plus == 0.0 && std::signbit(before.plus)) {
            before.plus = scaling.plus;
            return;
        }
    }
    if (!follows || code_.back().scaled == std::tuple_size_v<Scalings>) code_.push_back({kScale, {}, {in}});
    Instruction& last = code_.back();
    last.scalings[last.scaled++] = scaling;
}

void LaneProgram::run(std::span<const float* const> arrays, size_t first, std::span<double> out) const {
    const size_t lanes = out.size();
    if (constant_) {
        std::ranges::fill(out, *constant_);
        return;
    }
    constexpr size_t kFew = 8;  // registers, of most formulas
    std::array<double, kFew * kTogether> few;
    std::vector<double> many(registers_ > kFew ? registers_ * kTogether : 0);
    double* const room = many.empty() ? few.data() : many.data();
    const auto reg = [&](u32 k) { return k == result_ ? out.data() : room + k * kTogether; };
    for (const Instruction& i : code_) {
        const std::array<double*, 3> on{reg(i.on[0]), reg(i.on[1]), reg(i.on[2])};
        const bool loads = i.kind == Instruction::Kind::kLoad;
        follow(i, on, loads ? arrays[i.step.place] + first : nullptr, lanes);
    }
}

void LaneProgram::follow(const Instruction& i, const std::array<double*, 3>& on, const float* from,
                         size_t lanes) {
    using enum Instruction::Kind;
    switch (i.kind) {
        case kLoad:
            return load(on[0], from, i.step.number, i.scalings, lanes);
        case kScale:
            return scale_by(on[0], i.scalings, lanes);
        case kFill:
            std::fill_n(on[0], lanes, i.constant);
            return;
        case kJoin:
            return join(i.step.op, on[0], on[1], lanes);
        case kLeftOver:
            return divide(i.constant, on[0], lanes);
        case kOverRight:
            return divide_by(on[0], i.constant, lanes);
        case kCall:
            return compute(i.step, std::span<double* const>(on).first(i.step.operands), lanes);
    }
}

}  // namespace respine
