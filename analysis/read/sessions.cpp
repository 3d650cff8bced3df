#include "analysis/read/sessions.hpp"

#include <algorithm>
#include <iterator>

#include "analysis/read/series.hpp"

namespace respine {

namespace {

double unmatched(const Seen& of, const Seen& other) {
    return static_cast<double>(
        std::count_if(of.begin(), of.end(), [&](const auto& s) { return !other.contains(s); }));
}

double share_seen_again(const Seen& first, const Seen& second, const Seen& later) {
    Seen fresh;
    std::set_difference(second.begin(), second.end(), first.begin(), first.end(),
                        std::inserter(fresh, fresh.end()));
    return 1.0 - unmatched(fresh, later) / static_cast<double>(fresh.size());
}

size_t session_at(const Sessions& s, double hours) {
    const auto at = std::find_if(s.time.begin(), s.time.end(),
                                 [&](double t) { return std::fabs(t - hours) < kTimeSlack; });
    return static_cast<size_t>(at - s.time.begin());
}

// The last session before an hour and the first after it; past the end where there is none.
std::pair<size_t, size_t> sessions_around(const Sessions& s, double hours) {
    const size_t none = s.time.size();
    const auto after = std::upper_bound(s.time.begin(), s.time.end(), hours + kTimeSlack),
               before = std::lower_bound(s.time.begin(), s.time.end(), hours - kTimeSlack);
    return {before == s.time.begin() ? none : static_cast<size_t>(before - s.time.begin()) - 1,
            static_cast<size_t>(after - s.time.begin())};
}

// Held against the session at the first dose, or those around it: NaN before it, and everywhere without it.
std::vector<double> since_dose(const std::string& quantity, const Sessions& s, const Clock& clock) {
    std::vector<double> values(s.time.size(), kNaN);
    const bool around = quantity == "imaging_dose_survival",
               survival = around || quantity == "imaging_new_survival";
    const auto [first, second] =
        around ? sessions_around(s, clock.first_dose)
               : std::pair(session_at(s, clock.first_dose), session_at(s, clock.first_dose + kNewUntil));
    if (first == s.time.size() || (survival && second == s.time.size())) return values;
    const Seen before = s.seen(first), then = survival ? s.seen(second) : Seen{};
    const double count = static_cast<double>(before.size());
    for (size_t k = survival ? second : first; k < s.time.size(); ++k) {
        const Seen now = s.seen(k);
        values[k] = survival                       ? share_seen_again(before, then, now)
                    : quantity == "imaging_gained" ? 100.0 * unmatched(now, before) / count
                                                   : 100.0 * unmatched(before, now) / count;
    }
    return values;
}

}  // namespace

bool is_since_session_before(const std::string& quantity) {
    return quantity == "imaging_formation" || quantity == "imaging_elimination" ||
           quantity == "imaging_head_width";
}

Curve imaging_curve(const std::string& quantity, const Sessions& s, const Clock& clock) {
    Curve c{.shape = Shape::kSessions, .unit = quantity_row(quantity)->unit, .time = s.time};
    const auto each = [&](const auto& read) {
        for (size_t k = 0; k < s.time.size(); ++k)
            c.value.push_back(k == 0 && is_since_session_before(quantity) ? kNaN : read(k));
    };
    if (quantity == "imaging_density") {
        if (s.time.empty()) return c;
        c.since = s.time.front();
        each([&](size_t k) { return 100.0 * s.count(k) / s.count(0); });
    } else if (quantity == "imaging_formation") {
        each(s.formation);
    } else if (quantity == "imaging_elimination") {
        each(s.elimination);
    } else if (quantity == "imaging_head_width") {
        each(s.head_width);
    } else {
        c.value = since_dose(quantity, s, clock);
    }
    return c;
}

}  // namespace respine
