#include "analysis/study/study_points.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <boost/uuid/detail/sha1.hpp>
#include <cmath>
#include <filesystem>
#include <optional>

#include "analysis/read/reading.hpp"
#include "sim/io/run/checkpoint.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/jobs/plan.hpp"
#include "sim/jobs/stop.hpp"
#include "sim/system/machine.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

std::string digest_of(const std::string& text) {
    boost::uuids::detail::sha1 hash;
    hash.process_bytes(text.data(), text.size());
    unsigned int words[5];
    hash.get_digest(words);
    return fmt::format("{:08x}{:08x}", words[0], words[1]);
}

void go_on_from(const std::string& checkpoint, Simulation& sim, Watch& watch) {
    CheckpointRows memory;
    watch.add_checkpoint_rows(memory);
    try {
        const Checkpoint from(checkpoint);
        from.check_inputs(sim.inputs());
        from.restore(sim);
        from.read(memory);
        watch.restored();
    } catch (const Error&) {
        fs::remove(checkpoint);  // torn: what was read of it cannot be used, so the next try begins anew
        throw;
    }
}

}  // namespace

// Read several times before a point runs: what is checked, told, named and run.
const Scenario& StudyRunner::scenario_of(const StudyPoint& point) {
    constexpr size_t kMostKept = 20000;
    const auto key = std::tuple(point.row, point.arm, point.member, point.replicate, point.subject);
    if (const auto known = scenarios_.find(key); known != scenarios_.end()) return known->second;
    if (scenarios_.size() >= kMostKept) scenarios_.clear();
    Scenario s = library_.scenario(spec_.arms[point.arm].scenario, point.settings(spec_));
    s.cohort = 0;  // subjects of a cohort are points of their own, by the key `subject`
    if (spec_.keep == Keep::kNone) s.snapshots.clear();
    return scenarios_.emplace(key, std::move(s)).first->second;
}

Inputs StudyRunner::inputs_of(const StudyPoint& point) { return library_.load(scenario_of(point)); }

Clock StudyRunner::clock_of_point(const StudyPoint& point, const Scenario& own) {
    if (own.has_drug_dose()) return clock_of(own, own);
    StudyPoint other = point;
    for (other.arm = 0; other.arm < spec_.arms.size(); ++other.arm)
        if (const Scenario s = scenario_of(other); s.has_drug_dose()) return clock_of(own, s);
    return clock_of(own, own);
}

const std::string& StudyRunner::kind_of(const StudyPoint& point) {
    std::string& kind = kinds_[(point.row * spec_.arms.size() + point.arm) * members() + point.member];
    if (!kind.empty()) return kind;
    StudyPoint first = point;
    first.replicate = 0;
    first.subject = std::min(point.subject, 1U);
    const Inputs inputs = inputs_of(first);
    std::string text =
        resolved_yaml(inputs.scenario) + inputs.network.text + version_text() + " " + revision_text();
    Model model = inputs.model;
    for (const ParameterRow& row : parameters_of(model)) text += fmt::format("\n{} {}", row.path, *row.value);
    for (const Drug& d : inputs.drugs) text += d.text;
    if (!inputs.scenario.has_drug_dose())
        text += fmt::format("\nread since {}", fmt::join(clock_of_point(first, inputs.scenario).doses, " "));
    return kind = digest_of(text);
}

const std::string& StudyRunner::id_of(u32 point) {
    const StudyPoint& p = points_[point];
    if (ids_[point].empty())
        ids_[point] = digest_of(fmt::format("{} seed {} subject {}", kind_of(p), p.seed(spec_), p.subject));
    return ids_[point];
}

std::vector<u32> StudyRunner::different() {
    std::set<std::string> seen;
    std::vector<u32> first;
    for (const StudyPoint& p : points_)
        if (seen.insert(id_of(p.number)).second) first.push_back(p.number);
    return first;
}

// A checkpoint holds what was observed so far, so it is of these outcomes alone.
std::string StudyRunner::in_flight(const std::string& id) const {
    return fmt::format("{}/in-flight/{}-{}", folder_, id,
                       digest_of(fmt::format("{}", fmt::join(definitions_, "\n"))));
}

// Checkpoints of this point, whatever outcomes they were for.
void StudyRunner::clear_in_flight(const std::string& id) const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_ + "/in-flight", ignored))
        if (entry.path().filename().string().starts_with(id)) fs::remove(entry.path(), ignored);
}

void StudyRunner::simulate(Inputs inputs, const Clock& clock, int threads, PointRecord& record) {
    const std::string waiting = checkpoint_of(in_flight(record.id)),
                      kept = folder_ + "/runs/" + record.id + ".h5";
    RunInfo info{.threads = threads,
                 .thread_source = "study",
                 .command = "respine study " + spec_.name,
                 .replace = true};
    Simulation sim(std::move(inputs));
    Watch watch(spec_.outcomes, sim, clock, spec_.histories);
    std::optional<Recorder> recorder;
    if (spec_.keep != Keep::kNone) recorder.emplace(kept, sim, info, Claim::fresh(kept, true));
    if (!recorder && fs::exists(waiting))
        go_on_from(waiting, sim, watch);
    else
        watch.observe(sim);
    if (recorder) recorder->observe(sim);
    while (!sim.done()) {
        sim.advance();
        watch.observe(sim);
        if (recorder) recorder->observe(sim);
        if (stop_reason() == StopReason::kNone || sim.done()) continue;
        record.exit_code = static_cast<int>(Exit::kStopped);
        if (recorder) return;  // a file that is being recorded begins anew
        CheckpointRows now;
        watch.add_checkpoint_rows(now);
        write_checkpoint(waiting, sim, now, info);
        return;
    }
    const std::vector<double> values = watch.values(sim);
    for (size_t o = 0; o < values.size(); ++o) record.values[definitions_[o]] = values[o];
    if (!spec_.histories.empty()) watch.write(history_of_point(record.id), record.id);
    record.ok = true;
    if (recorder && spec_.keep == Keep::kAll) recorder->finish(sim);
    clear_in_flight(record.id);
}

std::optional<PointRecord> StudyRunner::read_kept(u32 point) {
    const std::string& id = id_of(point);
    const std::string path = history_of_point(id);
    if (!fs::exists(path)) return std::nullopt;
    const Scenario own = scenario_of(points_[point]);
    const Clock clock = clock_of_point(points_[point], own);
    const auto values = values_from_kept(path, id, spec_.outcomes, clock);
    if (!values) return std::nullopt;
    PointRecord record{.id = id, .point = point, .ok = true, .host = host_name()};
    for (size_t o = 0; o < values->size(); ++o) record.values[definitions_[o]] = (*values)[o];
    return record;
}

PointRecord StudyRunner::run(u32 point, int threads) {
    omp_set_num_threads(threads);
    PointRecord record{.id = id_of(point), .point = point, .host = host_name()};
    WallTime begun = wall_now();
    bool simulating = false;
    try {
        Inputs inputs = inputs_of(points_[point]);
        need_memory_for(inputs, {threads});
        begun = wall_now();  // what is reported is the simulation alone
        const Clock clock = clock_of_point(points_[point], inputs.scenario);
        simulating = true;
        simulate(std::move(inputs), clock, threads, record);
    } catch (const Error& e) {
        record.exit_code = static_cast<int>(e.code());
        record.message = e.what();
        record.retry =
            !(simulating && e.code() == Exit::kNumerical);  // the model fails again on the same inputs
    } catch (const std::bad_alloc&) {
        record.exit_code = static_cast<int>(Exit::kNumerical);
        record.message = "not enough memory";
    } catch (const std::exception& e) {
        record.exit_code = static_cast<int>(Exit::kInternal);
        record.message = e.what();
    }
    record.seconds = seconds_since(begun);
    if (spec_.keep == Keep::kFailed && record.ok) {
        std::error_code ignored;
        fs::remove(part_of(folder_ + "/runs/" + record.id + ".h5"), ignored);
    }
    return record;
}

Pilot StudyRunner::pilot(u32 point, double most_seconds) {
    omp_set_num_threads(1);
    const WallTime begun = wall_now();
    Simulation sim(inputs_of(points_[point]));
    Watch watch(spec_.outcomes, sim, clock_of_point(points_[point], sim.scenario()));
    watch.observe(sim);
    while (!sim.done() && seconds_since(begun) < most_seconds) {
        sim.advance();
        watch.observe(sim);
    }
    return {seconds_since(begun), sim.effort().slow_steps, sim.done()};
}

}  // namespace respine
