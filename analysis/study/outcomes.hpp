// Outcomes of a study: single numbers that are read off a run while it goes, so that no run file is needed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/read/measure.hpp"
#include "sim/history.hpp"
#include "sim/imaging.hpp"

namespace respine {

struct OutcomeSpec {
    std::string name;
    Measure measure;
    std::string course{};  // of which this is one time; "" for none

    // The arm that it is held against, of the same point and replicate; "" for none.
    const std::string& arm() const {
        static const std::string none;
        return measure.against.partner == Partner::kRun ? measure.against.run : none;
    }
};

// Why this outcome cannot be read off a run of the scenario: a time outside the run, a session that does not
// take place. "" when it can.
std::string why_unreadable(const Measure& measure, const Scenario& scenario, const Clock& clock);

// Watches one simulation: the observables that the outcomes need at every slow step, and its imaging
// sessions.
class Watch {
public:
    // An observable that this simulation lacks (the plasma level of another arm's drug) gives NaN and the
    // unit "". `kept`: series that are observed besides, to be written.
    Watch(const std::vector<OutcomeSpec>& outcomes, const Simulation& simulation, const Clock& clock,
          const std::vector<std::string>& kept = {});

    void observe(const Simulation& simulation);  // after each step, and once before the first
    // NaN where the run does not reach what is asked.
    std::vector<double> values(const Simulation& simulation) const;
    // What was observed, at every step, as a file of its own. Throws Error(kIo).
    void write(const std::string& path, const std::string& id) const;
    void add_checkpoint_rows(CheckpointRows& memory);
    void restored();  // after the memory was read back
    const std::vector<std::string>& units() const {
        return units_;
    }  // of the outcomes; "" where the observable is missing

    // Why a formula makes no value of what it reads; "" where it does.
    const std::vector<std::string>& why_not() const { return why_not_; }

private:
    Curve curve(const std::string& quantity, const Simulation& simulation) const;

    Clock clock_;
    std::vector<OutcomeSpec> outcomes_;
    std::vector<std::string> units_, why_not_;
    std::vector<Quantity> observables_;  // those that are needed
    std::vector<double> time_;
    std::vector<std::vector<double>> rows_;  // by observable
    ImagingRig rig_;
    Sightings sightings_;
    Turnover turnover_;
    u64 next_session_ = 0;
    Tick next_check_;
};

inline constexpr const char* kKeptFormat = "respine-point-history";
inline constexpr int kKeptVersion = 1;

// The outcomes of a run by what Watch::write kept of it: the same bits that the run gave, or would have
// given. Nothing where the file lacks a series that one of them reads, or is of another run. Throws
// Error(kInput) for a file of another version.
std::optional<std::vector<double>> values_from_kept(const std::string& path, const std::string& id,
                                                    const std::vector<OutcomeSpec>& outcomes,
                                                    const Clock& clock);

}  // namespace respine
