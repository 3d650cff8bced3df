// What can be taken of a quantity, and how it is held against others.

#include <algorithm>
#include <cmath>

#include "analysis/read/measure.hpp"
#include "analysis/read/series.hpp"
#include "analysis/read/survival.hpp"

namespace respine {

namespace {

constexpr double kJustBefore = 1e-6;  // [h]

Series line(const Curve& c) { return {c.time, c.value}; }

double at(const Curve& c, double hours) {
    if (c.value.empty()) return kNaN;
    if (c.shape == Shape::kLine)
        return hours >= c.time.front() && hours <= c.time.back() ? line(c).at(hours) : kNaN;
    size_t found = c.time.size();
    for (size_t k = 0; k < c.time.size(); ++k) {
        const bool same = std::fabs(c.time[k] - hours) < kTimeSlack;
        if (c.shape == Shape::kVisits ? k == 0 || c.time[k] <= hours + 1e-9 : same) found = k;
    }
    return found < c.time.size() ? c.value[found] : kNaN;
}

const Curve& one(const Asked& a) { return a.curves.front(); }
size_t place(const Asked& a, const Curve& c, bool largest) {
    return line(c).extreme(a.span.from, a.span.to, largest);
}
double value_at(const Curve& c, size_t place) { return place < c.value.size() ? c.value[place] : kNaN; }
double time_at(const Asked& a, size_t place) {
    return place < one(a).time.size() ? one(a).time[place] - a.span.zero : kNaN;
}
bool covered(const Asked& a, const Curve& c) {
    return !c.time.empty() && a.span.from >= c.time.front() && a.span.to <= c.time.back();
}

double take_at(const Asked& a) { return at(one(a), a.span.from); }
double take_last(const Asked& a) {
    const Curve& c = one(a);
    return c.value.empty() ? kNaN : c.shape == Shape::kLine ? line(c).at(c.time.back()) : c.value.back();
}
double take_mean(const Asked& a) {
    return covered(a, one(a)) ? line(one(a)).mean(a.span.from, a.span.to) : kNaN;
}
double take_area(const Asked& a) {
    return covered(a, one(a)) ? line(one(a)).area(a.span.from, a.span.to) : kNaN;
}
double take_peak(const Asked& a) { return value_at(one(a), place(a, one(a), true)); }
double take_least(const Asked& a) { return value_at(one(a), place(a, one(a), false)); }
double take_time_of_peak(const Asked& a) { return time_at(a, place(a, one(a), true)); }
double take_time_of_least(const Asked& a) { return time_at(a, place(a, one(a), false)); }

double take_value(const Asked& a) {
    return value_of_formula(a.measure.formula, a.measure.quantities, a.curves, a.span.zero);
}

double passage(const Asked& a, bool upwards) {
    const double level = a.measure.level_in(one(a).unit).value_or(kNaN);
    return line(one(a)).first_passage(a.span.from, a.span.to, level, upwards) - a.span.zero;
}
double take_first_above(const Asked& a) { return one(a).value.empty() ? kNaN : passage(a, true); }
double take_first_below(const Asked& a) { return one(a).value.empty() ? kNaN : passage(a, false); }
double take_reaches(const Asked& a) {
    const double most = take_peak(a);
    return std::isnan(most) ? kNaN : most >= a.measure.level_in(one(a).unit).value_or(kNaN) ? 1.0 : 0.0;
}

double take_change(const Asked& a) { return at(one(a), a.span.to) - at(one(a), a.span.from); }

double take_time_of_half_peak(const Asked& a) {
    const double half = 0.5 * take_peak(a);
    for (size_t k = 0; k < one(a).time.size(); ++k)
        if (one(a).time[k] >= a.span.from && one(a).value[k] >= half) return time_at(a, k);
    return kNaN;
}

double take_time_above_half_peak(const Asked& a) {
    const Curve& c = one(a);
    const double half = 0.5 * take_peak(a);
    if (std::isnan(half)) return kNaN;
    double hours = 0.0;
    for (size_t k = 1; k < c.time.size(); ++k)
        if (c.time[k - 1] >= a.span.from && c.time[k] <= a.span.to &&
            0.5 * (c.value[k] + c.value[k - 1]) >= half)
            hours += (c.time[k] - a.span.zero) - (c.time[k - 1] - a.span.zero);
    return hours;
}

double take_descending(const Asked& a) {
    for (size_t k = 1; k < a.curves.size(); ++k)
        if (!(at(a.curves[k - 1], a.span.from) > at(a.curves[k], a.span.from))) return 0.0;
    return 1.0;
}

double take_falls_before_peak(const Asked& a) {
    constexpr double kFallen = 0.95;  // of its level just before the dose
    const Curve &falls = a.curves[0], &rises = a.curves[1];
    if (falls.value.empty() || rises.value.empty()) return kNaN;
    const double before = line(falls).at(a.span.zero - kJustBefore);
    const size_t top = place(a, rises, true);
    for (size_t k = 0; k < falls.time.size(); ++k)
        if (falls.time[k] > a.span.from && falls.value[k] < kFallen * before)
            return top < rises.time.size() && falls.time[k] < rises.time[top] ? 1.0 : 0.0;
    return 0.0;
}

double take_late_rise(const Asked& a) {
    constexpr double kSame = 0.1, kMore = 1.2, kEarly[] = {3.0, 6.0}, kLate[] = {12.0, 24.0};  // [h]
    if (!a.reference || one(a).value.empty()) return kNaN;
    const Curve other = a.reference->curve(a.measure.quantities.front());
    if (other.value.empty()) return kNaN;
    const double zero = zero_of(a.measure.time, a.reference->clock);
    const auto ratio = [&](const double(&hours)[2]) {
        return line(one(a)).mean(a.span.zero + hours[0], a.span.zero + hours[1]) /
               line(other).mean(zero + hours[0], zero + hours[1]);
    };
    return std::fabs(ratio(kEarly) - 1.0) <= kSame && ratio(kLate) >= kMore ? 1.0 : 0.0;
}

// Who has no event, an infinite value, was followed until `time`.
double time_left(const Asked& a, double left) {
    const Curve& c = one(a);
    std::vector<Followed> subjects;
    for (size_t k = 0; k < c.value.size(); ++k)
        subjects.push_back({std::isinf(c.value[k]) ? c.time[k] : c.value[k], !std::isinf(c.value[k])});
    return time_to_share(std::move(subjects), left);
}
double take_median(const Asked& a) { return time_left(a, 0.5); }
double take_lower_quartile(const Asked& a) { return time_left(a, 0.75); }
double take_upper_quartile(const Asked& a) { return time_left(a, 0.25); }

// Both seen relative to one time, or neither relative to any.
bool one_baseline(const Curve& a, double zero, const Curve& b, double other_zero) {
    return std::isnan(a.since) || std::fabs((a.since - zero) - (b.since - other_zero)) < kTimeSlack;
}

Curve difference(Curve c, double zero, const Curve& other, double other_zero) {
    if (!one_baseline(c, zero, other, other_zero)) return {.shape = c.shape, .unit = c.unit};
    for (size_t k = 0; k < c.time.size(); ++k) {
        const double then = c.time[k] - zero + other_zero;
        c.value[k] -=
            c.shape == Shape::kLine && !other.value.empty() ? line(other).at(then) : at(other, then);
    }
    return c;
}

double taken(const Measure& m, const Sight& run, const Sight* reference) {
    Asked a{m, {}, span_of(m.time, run.clock), reference};
    if (std::isnan(a.span.from) || std::isnan(a.span.to)) return kNaN;
    for (const std::string& q : m.quantities) a.curves.push_back(run.curve(q));
    if (m.over_reference) {
        if (!reference) return kNaN;
        a.curves[0] = difference(std::move(a.curves[0]), a.span.zero, reference->curve(m.quantities[0]),
                                 zero_of(m.time, reference->clock));
    }
    const double value = m.take->read(a);
    const double own = m.against.hours + a.span.zero;
    const Curve& c = a.curves[0];
    switch (m.against.partner) {
        case Partner::kBefore: {
            if (c.value.empty()) return kNaN;
            const double before = line(c).at(a.span.zero - kJustBefore);
            if (m.take->unit ==
                TakeUnit::kTimesHours)  // the area above the level, exact over the width asked for
                return (m.time.to - m.time.from) * (take_mean(a) - before);
            return held_against(m.against.mode, value, before);
        }
        case Partner::kPeak:
            return held_against(m.against.mode, value,
                                value_at(c, line(c).extreme(a.span.zero, run.clock.end, true)));
        case Partner::kTime:
            return held_against(m.against.mode, value, at(c, own));
        default:
            return value;
    }
}

const std::vector<Shape> kPeople = {Shape::kSubjects}, kLine = {Shape::kLine},
                         kSeen = {Shape::kLine, Shape::kSessions},
                         kTimed = {Shape::kLine, Shape::kSessions, Shape::kVisits},
                         kAnyRun = {Shape::kLine, Shape::kSessions, Shape::kOnce, Shape::kVisits};

}  // namespace

const std::vector<TakeRow>& take_rows() {
    using enum TimeWanted;
    using enum TakeUnit;
    static const std::vector<TakeRow> rows = {
        {"at", kOne, kTimed, kOwn, take_at, "value at one time, or in the imaging session then"},
        {"last", kNone, kAnyRun, kOwn, take_last, "last value of the run"},
        {"mean", kWindow, kLine, kOwn, take_mean, "mean over the window"},
        {"area", kWindow, kLine, kTimesHours, take_area, "area under it in the window"},
        {"peak", kWindow, kSeen, kOwn, take_peak, "largest value in the window"},
        {"least", kWindow, kSeen, kOwn, take_least, "smallest value in the window"},
        {"time_of_peak", kWindow, kSeen, kHours, take_time_of_peak, "time of the largest value"},
        {"time_of_least", kWindow, kSeen, kHours, take_time_of_least, "time of the smallest value"},
        {"first_above", kWindow, kLine, kHours, take_first_above, "first time at or above the level", 1,
         true},
        {"first_below", kWindow, kLine, kHours, take_first_below, "first time at or below the level", 1,
         true},
        {"reaches", kWindow, kLine, kTruth, take_reaches,
         "1 when the level is reached in the window, else 0: its mean over subjects is a share", 1, true},
        {"change", kEnds, kSeen, kOwn, take_change, "value at the end of the window less that at its start"},
        {"time_of_half_peak", kWindow, kLine, kHours, take_time_of_half_peak,
         "first time at or above half of the peak"},
        {"time_above_half_peak", kWindow, kLine, kHours, take_time_above_half_peak,
         "how long it is at or above half of the peak"},
        {"median", kNone, kPeople, kOwn, take_median,
         "median over subjects by Kaplan and Meier; infinite when never reached"},
        {"lower_quartile", kNone, kPeople, kOwn, take_lower_quartile,
         "time until a quarter of the subjects had it, likewise"},
        {"upper_quartile", kNone, kPeople, kOwn, take_upper_quartile,
         "time until three quarters of the subjects had it, likewise"},
        {"descending", kOne, kSeen, kTruth, take_descending,
         "1 when each quantity is above the one after it, else 0", 0},
        {"falls_before_peak", kWindow, kLine, kTruth, take_falls_before_peak,
         "1 when the first quantity has fallen by a twentieth before the second is at its peak, else 0", 2},
        {"value", kNone, kLine, TakeUnit::kFormula, take_value,
         "a formula in place of the quantity: days(response_index > 0.5), max(bdnf, 0 h, 1 d) / mean(bdnf)",
         0},
        {"late_rise", kNone, kLine, kTruth, take_late_rise,
         "1 when the mean over 3 to 6 h is within a tenth of that of the reference, and over 12 to 24 h at "
         "least a fifth above it, else 0",
         1, false, true},
    };
    return rows;
}

double held_against(Mode mode, double value, double other) {
    switch (mode) {
        case Mode::kDifference:
            return value - other;
        case Mode::kShare:
            return value / other;
        case Mode::kPercent:
            return 100.0 * value / other;
        case Mode::kPercentAbove:
            return 100.0 * (value / other - 1.0);
    }
    return kNaN;
}

double read_alone(const Measure& m, const Sight& run) { return taken(m, run, nullptr); }

double read_off(const Measure& m, const Sight& run, const Sight* reference) {
    const double value = taken(m, run, reference);
    if (m.against.partner != Partner::kRun) return value;
    if (!reference) return kNaN;
    if (!m.quantities.empty() && m.shape() == Shape::kSessions &&
        !one_baseline(run.curve(m.quantities[0]), zero_of(m.time, run.clock),
                      reference->curve(m.quantities[0]), zero_of(m.time, reference->clock)))
        return kNaN;
    return held_against(m.against.mode, value, taken(m, *reference, nullptr));
}

}  // namespace respine
