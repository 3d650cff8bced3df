// Formulas over the course of a run: windows of time.

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/expression/formula.hpp"

namespace respine {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

struct Window {
    double from, to;  // [s]
};

class Line {
public:
    Line(std::span<const double> time, std::span<const double> value) : time_(time), value_(value) {}

    double at(double when) const {
        if (time_.empty() || when < time_.front() || when > time_.back()) return kUndefined;
        const size_t k = after(when);
        if (time_[k] == when) return value_[k];
        const double share = (when - time_[k - 1]) / (time_[k] - time_[k - 1]);
        return value_[k - 1] + share * (value_[k] - value_[k - 1]);
    }
    // Calls each(time, value) for both ends of the window and the rows between them.
    template <class Each>
    void along(const Window& w, Each each) const {
        each(w.from, at(w.from));
        for (size_t k = after(w.from); k < time_.size() && time_[k] < w.to; ++k)
            if (time_[k] > w.from) each(time_[k], value_[k]);
        if (w.to > w.from) each(w.to, at(w.to));
    }
    // Calls each(from, to, whether) for the parts of the window, each a row long.
    template <class Each>
    void held(const Window& w, Each each) const {
        for (size_t k = 0; k < time_.size(); ++k) {
            const double from = std::max(w.from, time_[k]);
            const double to = k + 1 < time_.size() ? std::min(w.to, time_[k + 1]) : w.to;
            if (to > from || (from == to && from == w.to && from == time_[k]))
                each(from, to, value_[k] != 0.0);
        }
    }

private:
    size_t after(double when) const {
        return static_cast<size_t>(std::lower_bound(time_.begin(), time_.end(), when) - time_.begin());
    }
    std::span<const double> time_, value_;
};

double area(const Line& line, const Window& w) {
    double sum = 0.0, then = w.from, before = line.at(w.from);
    line.along(w, [&](double time, double value) {
        sum += 0.5 * (before + value) * (time - then);
        then = time, before = value;
    });
    return sum;
}

double extreme(const Line& line, const Window& w, double sign) {
    double best = -std::numeric_limits<double>::infinity();
    line.along(w, [&](double, double value) {
        if (!std::isnan(best)) best = std::isnan(value) ? value : std::max(best, sign * value);
    });
    return sign * best;
}

double reduce(Function function, const Line& line, const Window& w) {
    double days = 0.0, count = 0.0, first = kUndefined, last = kUndefined;
    switch (function) {
        case Function::kMean:
            return w.to > w.from ? area(line, w) / (w.to - w.from) : line.at(w.from);
        case Function::kArea:
            return area(line, w);
        case Function::kLeast:
            return extreme(line, w, -1.0);
        case Function::kMost:
            return extreme(line, w, 1.0);
        default:
            break;
    }
    bool before = false;
    line.held(w, [&](double from, double to, bool holds) {
        if (holds) {
            days += to - from;
            if (!before) count += 1.0;
            if (std::isnan(first)) first = from;
            last = to;
        }
        before = holds;
    });
    return function == Function::kDays    ? days
           : function == Function::kTimes ? count
           : function == Function::kFirst ? first
                                          : last;
}

using Values = std::vector<double>;  // one for each time, or one for all

double over_time(const FormulaStep& step, std::span<Values> of, std::span<const double> time) {
    if (of[0].size() == 1 && time.size() != 1) of[0].assign(time.size(), of[0][0]);
    const Line line(time, of[0]);
    if (step.function == Function::kAt) return line.at(of[1][0]);
    if (time.empty()) return kUndefined;
    Window w{time.front(), time.back()};
    if (of.size() == 3) w = {of[1][0], of[2][0]};
    if (!(w.from >= time.front() && w.to <= time.back() && w.from <= w.to)) return kUndefined;
    return reduce(step.function, line, w);
}

}  // namespace

double value_over(const Formula& formula, const Course& course) {
    std::vector<Values> stack;
    for (const FormulaStep& step : formula.steps()) {
        if (step.op == Op::kNumber) {
            stack.push_back({step.number});
            continue;
        }
        if (step.op == Op::kName) {
            const std::span<const double> row = course.values[step.place];
            Values values(row.begin(), row.end());
            for (double& v : values) v *= step.number;
            stack.push_back(std::move(values));
            continue;
        }
        const std::span<Values> of = std::span(stack).last(step.operands);
        if (step.op == Op::kCall && step.function >= Function::kMean) {
            of[0] = {over_time(step, of, course.time)};
        } else {
            const size_t lanes = step.course ? course.time.size() : 1;
            std::vector<double*> operands;
            for (Values& v : of) {
                if (v.size() != lanes) v.assign(lanes, v.empty() ? 0.0 : v[0]);
                operands.push_back(v.data());
            }
            compute(step, operands, lanes);
        }
        stack.resize(stack.size() - step.operands + 1);
    }
    return stack.back().empty() ? kUndefined : stack.back().front();
}

}  // namespace respine
