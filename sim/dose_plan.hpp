// What is given when: the treatments of a scenario as inputs of drug systems, and windows.
#pragma once

#include <string>
#include <vector>

#include "sim/drug_system.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

struct DoseEvent {
    Tick at;
    size_t drug;
    Entry entry;
    Route route;  // only of Entry::kRoute
    double change;
};

struct Window {
    size_t drug;
    Tick from, to;
    double bath;  // [uM]; 0: full effect
};

struct DosePlan {
    std::vector<DoseEvent> events;  // by time
    std::vector<Window> windows;
    std::vector<Tick> event_ticks;  // where something starts or stops: steps must not cross them. Sorted
    std::vector<Tick> dose_ticks;   // starts of treatments, sorted
    // By drug: amount given, and what of it reaches the blood [umol].
    std::vector<double> given, bioavailable;
};

// `given`: the drug of each treatment; `file`: where they stand. All problems are reported at once.
DosePlan plan_doses(const std::vector<Treatment>& treatments, const std::string& file,
                    const std::vector<Drug>& drugs, const std::vector<size_t>& given,
                    const std::string& species, double weight);

}  // namespace respine
