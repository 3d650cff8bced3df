// When a run is read: since which dose, and in which window.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace respine {

inline constexpr double kTimeSlack = 0.01;  // [h]: half a minute of rounding in what a user writes

// Of a run, in hours on the clock of its scenario. A run without a drug may have the doses of another one.
struct Clock {
    std::vector<double> doses;
    double first_dose = 0.0, start = 0.0, end = 0.0;

    double dose(size_t k) const { return k < doses.size() ? doses[k] : k == 0 ? first_dose : NAN; }
    double next_dose(size_t k) const { return k + 1 < doses.size() ? doses[k + 1] : end; }
};

enum class Origin { kFirstDose, kLastDose, kDose, kTimeZero, kEnd };

struct TimeWindow {
    double from = 0.0, to = HUGE_VAL;  // [h since the origin]; to: infinite for the end of the run
    bool single = false;               // one time, `from`
    bool to_next_dose = false;
    Origin since = Origin::kFirstDose;
    size_t dose = 0;  // of kDose, counted from 0
};

// A window in a run, on the clock of its scenario [h]; not finite where the run has no such dose.
struct Span {
    double zero, from, to;
};

double zero_of(const TimeWindow& window, const Clock& clock);
Span span_of(const TimeWindow& window, const Clock& clock);

std::string text_of(const TimeWindow& window);

}  // namespace respine
