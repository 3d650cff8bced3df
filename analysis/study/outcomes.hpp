// Outcomes of a study: single numbers that are read off a run while it goes, so that no run file is needed.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/history.hpp"
#include "sim/imaging.hpp"

namespace respine {

enum class Take {
    kAt,
    kMean,
    kArea,
    kPeak,
    kLeast,
    kTimeOfPeak,
    kTimeOfLeast,
    kFirstAbove,
    kFirstBelow,
    kReaches,  // of an observable of the history
    kImagingDensity,
    kImagingFormation,
    kImagingElimination,  // of the virtual microscope
    kGraph,               // of the last network
};

struct TakeRow {
    const char* name;
    Take take;
    bool needs_level, needs_at;
    const char* doc;
};
extern const std::vector<TakeRow> kTakes;
const char* name_of(Take take);

// What the times of an outcome count from.
enum class Since { kFirstDose, kTimeZero };
inline constexpr std::pair<const char*, Since> kSince[] = {{"first_dose", Since::kFirstDose},
                                                           {"time_0", Since::kTimeZero}};

struct OutcomeSpec {
    std::string name, of;
    Take take = Take::kPeak;
    Since since = Since::kFirstDose;
    double from = 0.0, to = HUGE_VAL, at = 0.0;  // [h since `since`]; to: infinite for the end of the run
    double level = 0.0;                          // in `level_unit`; that of the observable without one
    std::string level_unit;
    std::string against;  // arm whose value is subtracted, of the same point and replicate; "" for none
};

// Names that `of` may have for kGraph.
std::vector<std::string> graph_measures();

// The unit of the outcome, from that of its observable.
std::string unit_of(const OutcomeSpec& outcome, const std::string& observable_unit);

// The level in the unit of its observable; nothing when the units do not fit.
std::optional<double> level_in(const OutcomeSpec& outcome, const std::string& observable_unit);

// Where the time of an outcome is 0 in a run whose first dose is given at `first_dose`, both on the clock of
// the scenario.
inline Tick zero_of(const OutcomeSpec& o, Tick first_dose) {
    return o.since == Since::kFirstDose ? first_dose : 0;
}

// Why this outcome cannot be read off a run of the scenario: a time outside the run, a session that does not
// take place. "" when it can.
std::string why_unreadable(const OutcomeSpec& outcome, const Scenario& scenario, Tick first_dose);

// Watches one simulation: the observables that the outcomes need at every slow step, and its imaging
// sessions.
class Watch {
public:
    // `first_dose` is what an arm without a drug takes over from the arms that it is compared with.
    // An observable that this simulation lacks (the plasma level of another arm's drug) gives NaN and the
    // unit "".
    Watch(const std::vector<OutcomeSpec>& outcomes, const Simulation& simulation, Tick first_dose);

    void observe(const Simulation& simulation);  // after each step, and once before the first
    // NaN where the run does not reach what is asked.
    std::vector<double> values(const Simulation& simulation) const;
    void add_checkpoint_rows(CheckpointRows& memory);
    void restored();  // after the memory was read back
    const std::vector<std::string>& units() const {
        return units_;
    }  // of the outcomes; "" where the observable is missing

private:
    static constexpr size_t kNone = static_cast<size_t>(-1);
    double value_of(const OutcomeSpec& outcome, const Simulation& simulation) const;
    double imaging(const OutcomeSpec& outcome) const;

    Tick first_dose_;
    std::vector<OutcomeSpec> outcomes_;
    std::vector<std::string> units_;
    std::vector<Quantity> observables_;  // those that are needed
    std::vector<size_t> column_;         // of each outcome; kNone when it needs none or there is none
    std::vector<double> time_;
    std::vector<std::vector<double>> rows_;  // by observable
    ImagingRig rig_;
    Sightings sightings_;
    Turnover turnover_;
    u64 next_session_ = 0;
    Tick next_check_;
};

}  // namespace respine
