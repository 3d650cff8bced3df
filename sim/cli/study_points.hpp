// One run of a study, from its place in the design to its record.
#pragma once

#include <string>

#include "analysis/journal.hpp"
#include "analysis/study_spec.hpp"
#include "sim/io/inputs.hpp"

namespace respine {

class StudyRunner {
public:
    StudyRunner(const StudySpec& spec, const std::vector<StudyPoint>& points, std::string folder)
        : spec_(spec), points_(points), folder_(std::move(folder)), ids_(points.size()) {}

    // Digest of resolved inputs, seed, outcomes and program: what decides the record.
    const std::string& id_of(u32 point);

    // Runs the point, or goes on with it where a stop left it. A failure of the model is a record too; a stop leaves a checkpoint in
    // FOLDER/in-flight and returns a record with exit code 75 that belongs in no journal.
    PointRecord run(u32 point, int threads);

    // Of the outcomes, from the observables of the arms. Throws Error(kUsage) for an observable that no arm has, with the nearest name.
    const std::vector<std::string>& units();

private:
    Inputs inputs_of(const StudyPoint& point);
    void simulate(const StudyPoint& point, int threads, PointRecord& record);

    const StudySpec& spec_;
    const std::vector<StudyPoint>& points_;
    std::string folder_;
    std::vector<std::string> ids_, units_;  // found when they are asked for
    InputLibrary library_;
};

}  // namespace respine
