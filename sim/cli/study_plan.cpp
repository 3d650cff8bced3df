#include "sim/cli/study_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/cli/plan.hpp"
#include "sim/cli/progress.hpp"

namespace respine {

namespace {

constexpr double kPilotSeconds = 20.0;
constexpr size_t kMostPriced = 200;       // points whose cost is worked out; the others are taken to be like them
constexpr double kRecordBytes = 700.0;    // of the journal and the results, a point
constexpr double kCheckpointBytes = 12.0; // a synapse, of a point that a stop meets on its way

double work_of(const Cost& cost) { return cost.slow_steps * cost.synapses; }

}  // namespace

void print_study_plan(const StudySpec& spec, const std::vector<StudyPoint>& points, StudyRunner& runner, int jobs) {
    runner.units();  // what the run would refuse, the plan refuses too
    const std::vector<u32> different = runner.different();
    const size_t stride = (different.size() + kMostPriced - 1) / kMostPriced;
    double work = 0.0, memory = 0.0, disk = 0.0, priced = 0.0, synapses = 0.0;
    for (size_t k = 0; k < different.size(); k += stride, priced += 1.0) {
        const Cost cost = estimate(runner.inputs_of(points[different[k]]), {});
        work += work_of(cost);
        disk += cost.disk;
        memory = std::max(memory, cost.memory);
        synapses = std::max(synapses, cost.synapses);
    }
    const u32 middle = different[different.size() / 2];
    const Pilot pilot = runner.pilot(middle, kPilotSeconds);
    const Cost own = estimate(runner.inputs_of(points[middle]), {});
    const double done = pilot.whole ? work_of(own) : static_cast<double>(pilot.slow_steps) * own.synapses;
    const double count = static_cast<double>(different.size()), seconds = pilot.seconds / done * work / priced * count;
    const double kept = spec.keep == Keep::kAll ? disk / priced * count : 0.0;
    const double together = std::min<double>(jobs, count);

    fmt::print("study           {} ({})\n", spec.name, spec.kind_name());
    fmt::print("points          {} = {} rows x {} arms x {} replicates{}, {} of them different\n", points.size(), points.back().row + 1, spec.arms.size(), spec.replicates,
               spec.cohort > 0 ? fmt::format(" x {} subjects", spec.cohort) : "", different.size());
    fmt::print("pilot           point {}, {} in {:.2f} s\n", middle, pilot.whole ? "run to its end" : fmt::format("{} slow steps", pilot.slow_steps), pilot.seconds);
    fmt::print("core-hours      about {:.3g}\n", seconds / 3600.0);
    fmt::print("time            about {} for {:.0f} points at a time\n", duration_text(seconds / together), together);
    fmt::print("memory          about {:.0f} MB a point, {:.0f} MB in all\n", memory / 1e6, together * memory / 1e6);
    fmt::print("disk            about {:.3g} MB{}; at a stop up to {:.3g} MB more\n", (count * kRecordBytes + kept) / 1e6, spec.keep == Keep::kAll ? " with the run files" : "",
               together * synapses * kCheckpointBytes / 1e6);
}

}  // namespace respine
