// A run inside a page: the program's own inputs, simulation and recorder, advanced a little at a time, so
// that a page can show how far it is and let go of it.
#pragma once

#include <memory>
#include <string>

#include "sim/io/run/recorder.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

class PageRun {
public:
    // Reads `scenario` (a path, or a name of ours) and what it names, and begins `output`, which is replaced.
    // Throws Error as respine run does, with file:line:column and what to write instead.
    PageRun(const std::string& scenario, const Settings& settings, const std::string& output);

    // Goes on for about this long [s of wall time], at least one step. The share that is done; at 1 the run
    // file is complete.
    double advance(double seconds);

    const Simulation& simulation() const { return *simulation_; }

private:
    std::unique_ptr<Simulation> simulation_;
    std::unique_ptr<Recorder> recorder_;
};

}  // namespace respine
