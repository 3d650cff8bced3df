// Outcomes of a study: single numbers that are read off a run while it goes, so that no run file is needed.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "sim/imaging.hpp"
#include "sim/observables.hpp"

namespace respine {

enum class Take {
    kAt, kMean, kArea, kPeak, kLeast, kTimeOfPeak, kTimeOfLeast, kFirstAbove, kFirstBelow, kReaches,  // of an observable of the history
    kImagingDensity, kImagingFormation, kImagingElimination,                                          // of the virtual microscope
    kGraph,                                                                                           // of the last network
};

struct TakeRow {
    const char* name;
    Take take;
    bool needs_level, needs_at;
    const char* doc;
};
extern const std::vector<TakeRow> kTakes;
const char* name_of(Take take);

struct OutcomeSpec {
    std::string name, of;
    Take take = Take::kPeak;
    double from = 0.0, to = HUGE_VAL, at = 0.0;  // [h]; to: infinite for the end of the run
    double level = 0.0;                          // in the observable's unit
    std::string against;                         // arm whose value is subtracted, of the same point and replicate; "" for none
};

// Names that `of` may have for kGraph.
std::vector<std::string> graph_measures();

// The unit of the outcome, from that of its observable.
std::string unit_of(const OutcomeSpec& outcome, const std::string& observable_unit);

// What the history records of a simulation, distributions by their mean.
std::vector<Observable> history_of(const Simulation& simulation);

// Watches one simulation: rows of the observables that the outcomes need, and its imaging sessions.
class Watch {
public:
    // An observable that this simulation lacks (the plasma level of another arm's drug) gives NaN and the unit "".
    Watch(const std::vector<OutcomeSpec>& outcomes, const Simulation& simulation);

    void observe(const Simulation& simulation);  // after each step, and once before the first
    std::vector<double> values(const Simulation& simulation) const;  // NaN where the run does not reach what is asked
    void remember(Memory& memory);
    void restored();  // after the memory was read back
    const std::vector<std::string>& units() const { return units_; }  // of the outcomes; "" where the observable is missing

private:
    static constexpr size_t kNone = static_cast<size_t>(-1);
    double value_of(const OutcomeSpec& outcome, const Simulation& simulation) const;
    double imaging(const OutcomeSpec& outcome) const;

    std::vector<OutcomeSpec> outcomes_;
    std::vector<std::string> units_;
    std::vector<Observable> observables_;  // those that are needed
    std::vector<size_t> column_;           // of each outcome; kNone when it needs none or there is none
    std::vector<double> time_;
    std::vector<std::vector<double>> rows_;  // by observable
    ImagingRig rig_;
    Sightings sightings_;
    Turnover turnover_;
    u64 next_session_ = 0;
    Tick next_row_;
};

}  // namespace respine
