#include "sim/page/page_run.hpp"

#include "sim/io/run/inputs.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

PageRun::PageRun(const std::string& scenario, const Settings& settings, const std::string& output) {
    Inputs inputs = load_inputs(load_scenario(scenario, settings));
    if (inputs.scenario.cohort > 0)
        fail(Exit::kUsage,
             "{}: error: cohort: a page simulates one subject at a time; take 'cohort' out, or run it with "
             "the "
             "program: respine run",
             inputs.scenario.name);
    simulation_ = std::make_unique<Simulation>(std::move(inputs));
    const RunInfo info{.threads = 1, .thread_source = "page", .command = "page", .replace = true};
    recorder_ = std::make_unique<Recorder>(output, *simulation_, info, Claim::fresh(output, true));
    recorder_->observe(*simulation_);
}

double PageRun::advance(double seconds) {
    const WallTime begun = wall_now();
    do {
        simulation_->advance();
        recorder_->observe(*simulation_);
    } while (!simulation_->done() && seconds_since(begun) < seconds);
    if (simulation_->done()) {
        recorder_->finish(*simulation_);
        return 1.0;
    }
    const Scenario& s = simulation_->scenario();
    return static_cast<double>(simulation_->now() - s.start) / static_cast<double>(s.duration);
}

}  // namespace respine
