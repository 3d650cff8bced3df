#include "sim/io/run/gephyrin.hpp"

#include <cmath>
#include <set>

namespace respine {

namespace {

using Places = std::set<std::pair<size_t, u32>>;  // (dendrite, place)

Places places_of(const SeenOnDendrites& seen) {
    Places places;
    for (size_t d = 0; d < seen.size(); ++d)
        for (const SeenSpine& s : seen[d]) places.emplace(d, s.place);
    return places;
}

size_t missing(const Places& of, const Places& other) {
    size_t n = 0;
    for (const auto& place : of) n += other.contains(place) ? 0 : 1;
    return n;
}

float percent(size_t part, size_t whole) {
    return whole == 0 ? NAN
                      : static_cast<float>(100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

std::vector<InhibitorySeen> inhibitory_seen(const std::vector<ImagingSession>& sessions, double reach) {
    std::vector<InhibitorySeen> all;
    Places ever, spine_before, shaft_before;
    for (const ImagingSession& session : sessions) {
        const Places spine = places_of(session.on_spine), shaft = places_of(session.on_shaft);
        InhibitorySeen now{static_cast<float>(spine.size()),
                           static_cast<float>(shaft.size()),
                           NAN,
                           NAN,
                           NAN,
                           NAN,
                           NAN,
                           percent(dually_innervated(session, reach), places_of(session.dendrite).size())};
        if (!all.empty()) {
            now.spine_formation = percent(missing(spine, spine_before), spine_before.size());
            now.spine_loss = percent(missing(spine_before, spine), spine_before.size());
            now.shaft_formation = percent(missing(shaft, shaft_before), shaft_before.size());
            now.shaft_loss = percent(missing(shaft_before, shaft), shaft_before.size());
            size_t fresh = 0, again = 0;
            for (const auto& [places, before] : {std::pair{&spine, &spine_before}, {&shaft, &shaft_before}})
                for (const auto& place : *places)
                    if (!before->contains(place)) ++fresh, again += ever.contains(place) ? 1 : 0;
            now.recurring = percent(again, fresh);
        }
        all.push_back(now);
        for (const Places* places : {&spine, &shaft}) ever.insert(places->begin(), places->end());
        spine_before = spine, shaft_before = shaft;
    }
    return all;
}

}  // namespace respine
