// Formulas computed on lanes, and over a course.

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/numerics/elementary.hpp"
#include "sim/expression/formula.hpp"

namespace respine {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// No libm: the same bits on every machine.
double logarithm(double x) { return x >= std::numeric_limits<double>::min() ? det_log(x) : kUndefined; }
double exponential(double x) { return std::isnan(x) ? x : det_exp(x); }
double hill(double x, double half, double n) {
    if (std::isnan(x) || std::isnan(half) || std::isnan(n)) return kUndefined;
    if (x <= 0.0) return 0.0;
    if (half <= 0.0) return 1.0;
    return 1.0 / (1.0 + det_exp(n * (logarithm(half) - logarithm(x))));
}
double power(double x, int n) {
    double out = 1.0;
    for (int k = 0; k < std::abs(n); ++k) out *= x;
    return n < 0 ? 1.0 / out : out;
}

template <class Of>
void each(size_t lanes, double* a, Of of) {
    for (size_t l = 0; l < lanes; ++l) a[l] = of(a[l]);
}
template <class Of>
void each(size_t lanes, double* a, const double* b, Of of) {
    for (size_t l = 0; l < lanes; ++l) a[l] = of(a[l], b[l]);
}

void call(Function function, std::span<double* const> on, size_t lanes) {
    double* a = on[0];
    switch (function) {
        case Function::kExp:
            return each(lanes, a, exponential);
        case Function::kLog:
            return each(lanes, a, logarithm);
        case Function::kSqrt:
            return each(lanes, a, [](double x) { return std::sqrt(x); });
        case Function::kAbs:
            return each(lanes, a, [](double x) { return std::fabs(x); });
        case Function::kMin:
            return each(lanes, a, on[1], [](double x, double y) { return y < x || y != y ? y : x; });
        case Function::kMax:
            return each(lanes, a, on[1], [](double x, double y) { return y > x || y != y ? y : x; });
        case Function::kClamp:
            for (size_t l = 0; l < lanes; ++l)
                a[l] = a[l] < on[1][l] ? on[1][l] : a[l] > on[2][l] ? on[2][l] : a[l];
            return;
        case Function::kHill:
            for (size_t l = 0; l < lanes; ++l) a[l] = hill(a[l], on[1][l], on[2][l]);
            return;
        default:  // kIf; those over time have no lanes
            for (size_t l = 0; l < lanes; ++l) a[l] = a[l] != 0.0 ? on[1][l] : on[2][l];
    }
}

}  // namespace

void compute(const FormulaStep& step, std::span<double* const> on, size_t lanes) {
    double* a = on[0];
    const double* b = on.size() > 1 ? on[1] : nullptr;
    const auto truth = [&](auto holds) {
        each(lanes, a, b, [&](double x, double y) { return holds(x, y) ? 1.0 : 0.0; });
    };
    switch (step.op) {
        case Op::kNegative:
            return each(lanes, a, [](double x) { return -x; });
        case Op::kPower:
            return each(lanes, a, [n = static_cast<int>(step.number)](double x) { return power(x, n); });
        case Op::kAdd:
            return each(lanes, a, b, [](double x, double y) { return x + y; });
        case Op::kSubtract:
            return each(lanes, a, b, [](double x, double y) { return x - y; });
        case Op::kMultiply:
            return each(lanes, a, b, [](double x, double y) { return x * y; });
        case Op::kDivide:
            return each(lanes, a, b, [](double x, double y) { return y == 0.0 ? kUndefined : x / y; });
        case Op::kLess:
            return truth([](double x, double y) { return x < y; });
        case Op::kAtMost:
            return truth([](double x, double y) { return x <= y; });
        case Op::kMore:
            return truth([](double x, double y) { return x > y; });
        case Op::kAtLeast:
            return truth([](double x, double y) { return x >= y; });
        case Op::kEqual:
            return truth([](double x, double y) { return x == y; });
        case Op::kUnequal:
            return truth([](double x, double y) { return x < y || x > y; });
        case Op::kNot:
            return each(lanes, a, [](double x) { return x != 0.0 ? 0.0 : 1.0; });
        case Op::kAnd:
            return truth([](double x, double y) { return x != 0.0 && y != 0.0; });
        case Op::kOr:
            return truth([](double x, double y) { return x != 0.0 || y != 0.0; });
        default:
            return call(step.function, on, lanes);
    }
}

void Formula::values(std::span<const double* const> values, std::span<double> out) const {
    constexpr size_t kTogether = 256;  // lanes, whose values stay in the first-level cache
    std::vector<double> room(deepest_ * kTogether);
    std::vector<double*> stack(deepest_);
    for (size_t k = 0; k < deepest_; ++k) stack[k] = &room[k * kTogether];
    for (size_t first = 0; first < out.size(); first += kTogether) {
        const size_t lanes = std::min(kTogether, out.size() - first);
        size_t top = 0;
        for (const FormulaStep& step : steps_) {
            if (step.op == Op::kNumber) {
                std::fill_n(stack[top++], lanes, step.number);
            } else if (step.op == Op::kName) {
                const double* from = values[step.place] + first;
                double* to = stack[top++];
                for (size_t l = 0; l < lanes; ++l) to[l] = from[l] * step.number;
            } else {
                top -= step.operands;
                compute(step, std::span<double* const>(stack).subspan(top, step.operands), lanes);
                ++top;
            }
        }
        std::copy_n(stack[0], lanes, out.begin() + static_cast<std::ptrdiff_t>(first));
    }
}

double Formula::value(std::span<const double> values_of) const {
    std::vector<const double*> places(values_of.size());
    for (size_t k = 0; k < places.size(); ++k) places[k] = &values_of[k];
    double out = 0.0;
    values(places, std::span(&out, 1));
    return out;
}

}  // namespace respine
