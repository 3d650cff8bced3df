#include "analysis/study/study_plan.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "sim/jobs/plan.hpp"
#include "sim/jobs/progress.hpp"
#include "sim/jobs/workers.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr double kPilotSeconds = 10.0;
constexpr size_t kMostPriced = 50;  // points whose cost is worked out; the others are taken to be like them
constexpr double kRecordBytes = 700.0;  // of the journal and the results, a point

constexpr char kAnswer = 'p', kFailure = 'f';  // what a worker sends begins with

double work_of(const Cost& cost) { return cost.slow_steps * cost.synapses; }

// Points that differ in more than seed and subject, each once: the other ones are as many again for each seed
// and subject.
std::vector<u32> different_kinds(const std::vector<StudyPoint>& points, StudyRunner& runner) {
    std::set<std::string> seen;
    std::vector<u32> kinds;
    for (const StudyPoint& p : points)
        if (p.replicate == 0 && p.subject <= 1 && seen.insert(runner.id_of(p.number)).second)
            kinds.push_back(p.number);
    return kinds;
}

struct Rate {
    double seconds = 0.0, work = 0.0;  // of all pilots
    bool whole = true;
};

// As many pilots at a time as the study would run points: they share caches, memory and whatever else the
// cores share.
Rate pilots(const std::vector<StudyPoint>& points, const std::vector<u32>& kinds, StudyRunner& runner,
            int jobs) {
    std::vector<u32> chosen;
    for (int k = 0; k < jobs; ++k)
        chosen.push_back(kinds[(kinds.size() / 2 + static_cast<size_t>(k)) % kinds.size()]);
    omp_set_num_threads(1);
    Rate rate;
    Workers workers(jobs, [&](u32 number) {
        try {
            const Pilot pilot = runner.pilot(number, kPilotSeconds);
            std::string answer(1 + sizeof pilot, kAnswer);
            std::memcpy(answer.data() + 1, &pilot, sizeof pilot);
            return answer;
        } catch (const std::exception&) {
            return std::string(1, kFailure) + current_error().what();
        }
    });
    const auto take = [&](u32 number, const std::string& answer) {
        if (answer.front() == kFailure) fail(Exit::kNumerical, "{}", answer.substr(1));
        Pilot pilot;
        std::memcpy(&pilot, answer.data() + 1, sizeof pilot);
        const Cost cost = estimate(runner.inputs_of(points[number]), {});
        rate.seconds += pilot.seconds;
        rate.work += pilot.whole ? work_of(cost) : static_cast<double>(pilot.slow_steps) * cost.synapses;
        rate.whole = rate.whole && pilot.whole;
    };
    const auto lost = [&](u32 number, const std::string& how, Exit code) {
        fail(code, "the pilot of point {} failed: {}", number, how);
    };
    workers.run(
        chosen, take, lost, [] { return false; }, [] {});
    return rate;
}

}  // namespace

void print_study_plan(const StudySpec& spec, const std::vector<StudyPoint>& points, StudyRunner& runner,
                      int jobs) {
    const std::vector<u32> kinds = different_kinds(points, runner);
    const size_t stride = (kinds.size() + kMostPriced - 1) / kMostPriced;
    double work = 0.0, memory = 0.0, disk = 0.0, priced = 0.0, checkpoint = 0.0;
    for (size_t k = 0; k < kinds.size(); k += stride, priced += 1.0) {
        const Cost cost = estimate(runner.inputs_of(points[kinds[k]]), {});
        work += work_of(cost);
        disk += cost.disk;
        memory = std::max(memory, cost.memory);
        checkpoint = std::max(checkpoint, cost.checkpoint);
    }
    const double count = static_cast<double>(kinds.size()) * spec.replicates * std::max(1U, spec.cohort),
                 together = std::min<double>(jobs, count);
    const Rate rate = pilots(points, kinds, runner, static_cast<int>(together));
    const double seconds = rate.seconds / rate.work * work / priced * count;
    const double kept = spec.keep == Keep::kAll ? disk / priced * count : 0.0;

    fmt::print("study           {} ({})\n", spec.name, spec.kind_name());
    fmt::print("points          {} = {} rows x {} arms x {} replicates{}{}, {:.0f} of them different\n",
               points.size(), points.back().row + 1, spec.arms.size(), spec.replicates,
               spec.members.empty() ? "" : fmt::format(" x {} members", spec.members.size()),
               spec.cohort > 0 ? fmt::format(" x {} subjects", spec.cohort) : "", count);
    fmt::print("pilot           {:.0f} points side by side, {} in {:.2f} s each\n", together,
               rate.whole ? "run to their end" : "begun", rate.seconds / together);
    fmt::print("core-hours      about {:.3g}\n", seconds / 3600.0);
    fmt::print("time            about {} for {:.0f} points at a time\n", duration_text(seconds / together),
               together);
    fmt::print("memory          about {:.0f} MB a point, {:.0f} MB in all\n", memory / 1e6,
               together * memory / 1e6);
    fmt::print("disk            about {:.3g} MB{}\n", (count * kRecordBytes + kept) / 1e6,
               spec.keep == Keep::kAll ? " with the run files" : "");
    fmt::print("at a stop       {}\n", stop_text(together * checkpoint));
}

}  // namespace respine
