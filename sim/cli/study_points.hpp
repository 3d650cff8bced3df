// One run of a study, from its place in the design to its record.
#pragma once

#include <string>

#include "analysis/journal.hpp"
#include "analysis/study_spec.hpp"
#include "sim/io/inputs.hpp"

namespace respine {

class StudyRunner {
public:
    StudyRunner(const StudySpec& spec, std::string folder, int threads) : spec_(spec), folder_(std::move(folder)), threads_(threads) {}

    // Digest of resolved inputs, seed, outcomes and program: what decides the record.
    std::string id_of(const StudyPoint& point);

    // Runs the point, or goes on with it where a stop left it. A failure of the model is a record too; a stop leaves a checkpoint in
    // FOLDER/in-flight and returns a record with exit code 75 that belongs in no journal.
    PointRecord run(const StudyPoint& point, const std::string& id);

    // Of the outcomes, from the observables of the arms. Throws Error(kUsage) for an observable that no arm has, with the nearest name.
    std::vector<std::string> units();

private:
    Inputs inputs_of(const StudyPoint& point);
    void simulate(const StudyPoint& point, PointRecord& record);

    const StudySpec& spec_;
    std::string folder_;
    int threads_;
    InputLibrary library_;
};

}  // namespace respine
