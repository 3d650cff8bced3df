#include "analysis/read/sessions.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "analysis/read/series.hpp"
#include "sim/io/run/gephyrin.hpp"

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

// Lost places of each dendrite, ascending.
using PlacesOf = std::map<u32, std::vector<u32>>;
PlacesOf by_dendrite(const Seen& seen) {
    PlacesOf places;
    for (const auto& [dendrite, place] : seen) places[dendrite].push_back(place);
    return places;
}

bool stands_near(const PlacesOf& lost, u32 dendrite, u32 place, double reach) {
    const auto of = lost.find(dendrite);
    return of != lost.end() && std::any_of(of->second.begin(), of->second.end(), [&](u32 l) {
               return std::fabs(static_cast<double>(l) - static_cast<double>(place)) <= reach;
           });
}

// Share of a dendrite within reach of lost places; places are counted up to the last one seen anywhere.
double share_near(const PlacesOf& lost, u32 dendrite, double reach, u32 last) {
    double near = 0.0;
    for (u32 place = 0; place <= last; ++place) near += stands_near(lost, dendrite, place, reach) ? 1.0 : 0.0;
    return near / (static_cast<double>(last) + 1.0);
}

// Places that lost a spine before the last session before the first dose: before the run, or between its
// sessions.
Seen lost_until(const Sessions& s, size_t last) {
    Seen lost = s.lost();
    for (size_t k = 0; k < last; ++k) lost.merge(s.seen(k));
    for (const auto& place : s.seen(last)) lost.erase(place);
    return lost;
}

std::vector<double> returned(const Sessions& s, const Clock& clock, bool by_chance) {
    std::vector<double> values(s.time.size(), kNaN);
    const size_t before = sessions_around(s, clock.first_dose).first;
    if (before >= s.time.size() || !(s.reach > 0.0)) return values;
    const Seen seen = s.seen(before);
    const PlacesOf lost = by_dendrite(lost_until(s, before));
    u32 last = 0;
    for (size_t k = 0; k < s.time.size(); ++k)
        for (const auto& [dendrite, place] : s.seen(k)) last = std::max(last, place);
    std::map<u32, double> chance;
    for (size_t k = before + 1; k < s.time.size(); ++k) {
        double fresh = 0.0, near = 0.0;
        for (const auto& [dendrite, place] : s.seen(k)) {
            if (seen.contains({dendrite, place})) continue;
            fresh += 1.0;
            if (by_chance && !chance.contains(dendrite))
                chance[dendrite] = share_near(lost, dendrite, s.reach, last);
            near += by_chance ? chance[dendrite] : stands_near(lost, dendrite, place, s.reach) ? 1.0 : 0.0;
        }
        values[k] = fresh > 0.0 ? 100.0 * near / fresh : kNaN;
    }
    return values;
}

const InhibitoryColumn* inhibitory_column(const std::string& quantity) {
    for (const InhibitoryColumn& c : kInhibitoryColumns)
        if (quantity == c.quantity) return &c;
    return nullptr;
}

}  // namespace

bool is_since_session_before(const std::string& quantity) {
    const InhibitoryColumn* inhibitory = inhibitory_column(quantity);
    return (inhibitory && inhibitory->since_before) || quantity == "imaging_formation" ||
           quantity == "imaging_elimination" || quantity == "imaging_head_width";
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
    } else if (const InhibitoryColumn* column = inhibitory_column(quantity)) {
        each([&](size_t k) { return s.value(column->dataset(), k); });
    } else if (quantity == "imaging_returned" || quantity == "imaging_returned_chance") {
        c.value = returned(s, clock, quantity == "imaging_returned_chance");
    } else {
        c.value = since_dose(quantity, s, clock);
    }
    return c;
}

}  // namespace respine
