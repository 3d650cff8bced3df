// One run of a study, from its place in the design to its record.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "analysis/study/journal.hpp"
#include "analysis/study/study_spec.hpp"
#include "sim/io/run/checkpoint.hpp"
#include "sim/io/run/inputs.hpp"

namespace respine {

// How fast a point goes.
struct Pilot {
    double seconds = 0.0;
    u64 slow_steps = 0;
    bool whole = false;  // else it was stopped on its way
};

class StudyRunner {
public:
    StudyRunner(const StudySpec& spec, const std::vector<StudyPoint>& points, std::string folder)
        : spec_(spec),
          points_(points),
          folder_(std::move(folder)),
          ids_(points.size()),
          kinds_(points.empty() ? 0 : (points.back().row + 1) * spec.arms.size() * members()),
          definitions_(spec.definitions()) {}

    // Digest of resolved inputs, seed and program: what decides the run.
    const std::string& id_of(u32 point);

    // The points of which none before has the same inputs: the others have their records.
    std::vector<u32> different();

    std::string checkpoint_of_point(u32 point) { return checkpoint_of(in_flight(id_of(point))); }

    // Runs the point, or goes on with it where a stop left it. A failure of the model is a record too; a stop
    // leaves a checkpoint in FOLDER/in-flight and returns a record with exit code 75 that belongs in no
    // journal.
    PointRecord run(u32 point, int threads);

    // The record of a point that has run, with the outcomes of today, where its kept history holds all that
    // they read.
    std::optional<PointRecord> read_kept(u32 point);

    // Runs a point for this long at most, and keeps nothing. Throws Error as the run does.
    Pilot pilot(u32 point, double most_seconds);

    // Throws Error(kUsage) for a point that cannot be.
    Inputs inputs_of(const StudyPoint& point);

    // Of the outcomes, from the observables of the arms. Throws Error(kUsage) with every outcome that no run
    // of this study can give: an observable that no arm has, with the nearest name, or a time that none
    // reaches.
    const std::vector<std::string>& units();

    // A line for each outcome that stays blank in a part of the points, and for what the scenarios give and
    // no run uses.
    std::vector<std::string> notes();

    // Since which doses this point is read: an arm without a drug takes those of the first arm that has one
    // at the same row of the design, so that both are read in the same window.
    Clock clock_of_point(const StudyPoint& point, const Scenario& own);

private:
    // Digest of all that points of one row and arm have in common: only seed and subject tell them apart.
    const std::string& kind_of(const StudyPoint& point);
    void simulate(Inputs inputs, const Clock& clock, int threads, PointRecord& record);
    const Scenario& scenario_of(const StudyPoint& point);  // until the next call
    const std::vector<std::vector<std::string>>& unreadable();
    void check_partners(Problems& problems);
    size_t members() const { return std::max<size_t>(1, spec_.members.size()); }
    size_t cells() const {
        return (points_.back().row + size_t{1}) * spec_.arms.size();
    }  // rows of the design times arms
    std::string in_flight(const std::string& id) const;
    std::string history_of_point(const std::string& id) const { return folder_ + "/histories/" + id + ".h5"; }
    void clear_in_flight(const std::string& id) const;

    const StudySpec& spec_;
    const std::vector<StudyPoint>& points_;
    std::string folder_;
    std::vector<std::string> ids_, kinds_, units_;  // found when they are asked for
    // By outcome, then one reason for each row and arm that it cannot be read at.
    std::vector<std::vector<std::string>> unreadable_;
    std::set<std::string> notes_;           // of the scenarios
    std::vector<std::string> definitions_;  // of the outcomes
    std::map<std::tuple<u32, u32, u32, u32, u32>, Scenario> scenarios_;
    InputLibrary library_;
};

}  // namespace respine
