// Inhibitory synapses as the virtual microscope saw them: turnover on spines and on shafts, of all dendrites
// together because one dendrite holds few.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "sim/imaging.hpp"

namespace respine {

// Of one session; what is held against the session before is NaN in the first.
struct InhibitorySeen {
    float on_spine, on_shaft;           // seen [count]
    float spine_formation, spine_loss;  // [%] of those seen before
    float shaft_formation, shaft_loss;  // [%]
    float recurring;                    // [%] of the new ones
    float dually_innervated;            // spines with both kinds, of those seen [%]
};

struct InhibitoryColumn {
    const char *quantity, *unit, *doc;
    float InhibitorySeen::*member;
    bool since_before;  // held against the session before
    std::string dataset() const { return std::string("/imaging/") + (quantity + std::strlen("imaging_")); }
};
inline constexpr InhibitoryColumn kInhibitoryColumns[] = {
    {"imaging_inhibitory_on_spine", "count", "inhibitory synapses seen on spines", &InhibitorySeen::on_spine,
     false},
    {"imaging_inhibitory_on_shaft", "count", "inhibitory synapses seen on shafts", &InhibitorySeen::on_shaft,
     false},
    {"imaging_inhibitory_spine_formation", "%",
     "inhibitory synapses on spines new since the session before, over those seen then; all dendrites",
     &InhibitorySeen::spine_formation, true},
    {"imaging_inhibitory_spine_elimination", "%",
     "inhibitory synapses on spines gone since the session before, over those seen then; all dendrites",
     &InhibitorySeen::spine_loss, true},
    {"imaging_inhibitory_shaft_formation", "%",
     "inhibitory synapses on shafts new since the session before, over those seen then; all dendrites",
     &InhibitorySeen::shaft_formation, true},
    {"imaging_inhibitory_shaft_elimination", "%",
     "inhibitory synapses on shafts gone since the session before, over those seen then; all dendrites",
     &InhibitorySeen::shaft_loss, true},
    {"imaging_inhibitory_recurring", "%",
     "of the inhibitory synapses new since the session before, those whose place had one in an earlier "
     "session",
     &InhibitorySeen::recurring, true},
    {"imaging_dually_innervated", "%", "spines with an inhibitory synapse seen on them, of all spines seen",
     &InhibitorySeen::dually_innervated, false},
};

// `reach` in places: how far from its spine an inhibitory synapse is looked for.
std::vector<InhibitorySeen> inhibitory_seen(const std::vector<ImagingSession>& sessions, double reach);

}  // namespace respine
