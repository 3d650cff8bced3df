#include "analysis/read/clock.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace respine {

double zero_of(const TimeWindow& w, const Clock& clock) {
    switch (w.since) {
        case Origin::kFirstDose:
            return clock.first_dose;
        case Origin::kLastDose:
            return clock.doses.empty() ? clock.first_dose : clock.doses.back();
        case Origin::kDose:
            return clock.dose(w.dose);
        case Origin::kTimeZero:
            return 0.0;
        case Origin::kEnd:
            return clock.end;
    }
    return NAN;
}

Span span_of(const TimeWindow& w, const Clock& clock) {
    Span s{zero_of(w, clock), 0.0, 0.0};
    s.from = s.zero + w.from;
    s.to = w.single              ? s.from
           : w.to_next_dose      ? clock.next_dose(w.dose)
           : std::isfinite(w.to) ? s.zero + w.to
                                 : clock.end;
    if (w.since == Origin::kEnd) s.from = std::max(s.from, clock.start);  // as far back as the run goes
    for (double* time : {&s.from, &s.to})
        if (const double inside = std::min(std::max(*time, clock.start), clock.end);
            std::fabs(*time - inside) < kTimeSlack)
            *time = inside;
    return s;
}

std::string text_of(const TimeWindow& w) {
    std::string text;
    if (w.single)
        text = fmt::format("at {} h", w.from);
    else {
        if (w.from != 0.0) text = fmt::format("from {} h", w.from);
        if (w.to_next_dose || std::isfinite(w.to))
            text += fmt::format("{}to {}", text.empty() ? "" : " ",
                                w.to_next_dose ? "next_dose" : fmt::format("{} h", w.to));
    }
    if (w.since == Origin::kFirstDose) return text;
    const std::string origin = w.since == Origin::kLastDose   ? "last_dose"
                               : w.since == Origin::kTimeZero ? "time_0"
                               : w.since == Origin::kEnd      ? "end"
                                                              : fmt::format("dose {}", w.dose + 1);
    return text + (text.empty() ? "since " : " since ") + origin;
}

}  // namespace respine
