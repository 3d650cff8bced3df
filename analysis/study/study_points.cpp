#include "analysis/study/study_points.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <boost/uuid/detail/sha1.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

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

std::string hours_text(double hours) { return time_text(static_cast<Tick>(std::llround(hours * 3600.0))); }

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

Scenario StudyRunner::scenario_of(const StudyPoint& point) {
    Scenario s = library_.scenario(spec_.arms[point.arm].scenario, point.settings(spec_));
    s.cohort = 0;  // subjects of a cohort are points of their own, by the key `subject`
    if (spec_.keep == Keep::kNone) s.snapshots.clear();
    return s;
}

Inputs StudyRunner::inputs_of(const StudyPoint& point) { return library_.load(scenario_of(point)); }

Clock StudyRunner::clock_of_point(const StudyPoint& point, const Scenario& own) {
    if (own.has_drug_dose()) return clock_of(own, own);
    StudyPoint other = point;
    for (other.arm = 0; other.arm < spec_.arms.size(); ++other.arm)
        if (const Scenario s = scenario_of(other); s.has_drug_dose()) return clock_of(own, s);
    return clock_of(own, own);
}

const std::vector<std::vector<std::string>>& StudyRunner::unreadable() {
    if (!unreadable_.empty()) return unreadable_;
    unreadable_.resize(spec_.outcomes.size());
    for (const StudyPoint& point : points_) {
        if (point.member + point.replicate > 0 || point.subject > 1)
            continue;  // members, seeds and subjects have the same times
        const Scenario s = scenario_of(point);
        notes_.insert(s.notes.begin(), s.notes.end());
        const Clock clock = clock_of_point(point, s);
        for (size_t o = 0; o < spec_.outcomes.size(); ++o)
            if (const std::string why = why_unreadable(spec_.outcomes[o].measure, s, clock); !why.empty())
                unreadable_[o].push_back(
                    fmt::format("{} (arm '{}', point {})", why, spec_.arms[point.arm].name, point.number));
    }
    return unreadable_;
}

// An arm without a drug is read once, so the arms that are held against it must all count from one time.
void StudyRunner::check_partners(Problems& problems) {
    std::set<std::string> told;
    for (const StudyPoint& point : points_) {
        if (point.arm + point.member + point.replicate > 0 || point.subject > 1) continue;
        std::map<std::string, Clock> dosed;  // the arms at this row that get a drug, and those that do not
        std::set<std::string> without;
        StudyPoint other = point;
        for (other.arm = 0; other.arm < spec_.arms.size(); ++other.arm) {
            const Scenario s = scenario_of(other);
            if (s.has_drug_dose())
                dosed.emplace(spec_.arms[other.arm].name, clock_of(s, s));
            else
                without.insert(spec_.arms[other.arm].name);
        }
        for (const OutcomeSpec& o : spec_.outcomes) {
            if (!without.contains(o.arm()) || o.measure.shape() == Shape::kOnce ||
                o.measure.time.since == Origin::kEnd)
                continue;
            std::map<double, std::string> zeros;
            for (const auto& [arm, clock] : dosed) zeros.emplace(zero_of(o.measure.time, clock), arm);
            if (zeros.size() > 1 && told.insert(o.name).second)
                problems.add({spec_.file, 0, 0},
                             "outcome '{}' is held against '{}', which has no drug and is read in one "
                             "window, but the {} dose is at {} in '{}' and at {} in '{}'; use times "
                             "'since time_0', or one study for each",
                             o.name, o.arm(), o.measure.time.since == Origin::kFirstDose ? "first" : "wanted",
                             hours_text(zeros.begin()->first), zeros.begin()->second,
                             hours_text(zeros.rbegin()->first), zeros.rbegin()->second);
        }
    }
}

std::vector<std::string> StudyRunner::notes() {
    std::vector<std::string> lines;
    for (size_t o = 0; o < spec_.outcomes.size(); ++o)
        if (const auto& reasons = unreadable()[o]; !reasons.empty() && reasons.size() < cells())
            lines.push_back(fmt::format("outcome '{}' stays blank in {} of {} rows and arms: {}",
                                        spec_.outcomes[o].name, reasons.size(), cells(), reasons.front()));
    lines.insert(lines.end(), notes_.begin(), notes_.end());
    return lines;
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

const std::vector<std::string>& StudyRunner::units() {
    if (!units_.empty()) return units_;
    std::vector<std::string> known;
    std::map<std::string, std::string> unit_of_observable;
    units_.resize(spec_.outcomes.size());
    StudyPoint point = points_.front();
    for (point.arm = 0; point.arm < spec_.arms.size() && std::count(units_.begin(), units_.end(), "") > 0;
         ++point.arm) {
        const Simulation sim(inputs_of(point));
        const std::vector<std::string> own = Watch(spec_.outcomes, sim, {}).units();
        for (size_t o = 0; o < own.size(); ++o)
            if (units_[o].empty()) units_[o] = own[o];
        for (const Quantity& o : history_of(sim)) {
            known.push_back(o.name);
            unit_of_observable.emplace(o.name, o.unit);
        }
    }
    Problems problems;
    const Place whole{spec_.file, 0, 0};
    for (size_t o = 0; o < units_.size(); ++o) {
        const OutcomeSpec& outcome = spec_.outcomes[o];
        for (const std::string& name : outcome.measure.quantities) {
            const auto unit = unit_of_observable.find(name);
            const bool missing = unit == unit_of_observable.end() && !quantity_row(name);
            if (missing && units_[o].empty())
                problems.add(whole,
                             "outcome '{}': no arm has an observable '{}'{} (see: respine list observables)",
                             outcome.name, name, suggestion(name, known));
            if (!missing && !quantity_row(name) && !outcome.measure.level_in(unit->second))
                problems.add(whole, "outcome '{}': level is in {}, but '{}' is in {}", outcome.name,
                             outcome.measure.level_unit, name, unit->second);
        }
        if (const auto& reasons = unreadable()[o]; reasons.size() == cells())
            problems.add(whole, "outcome '{}': {}", outcome.name, reasons.front());
    }
    check_partners(problems);
    problems.throw_if_any(Exit::kUsage);
    return units_;
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
    Watch watch(spec_.outcomes, sim, clock);
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
    record.ok = true;
    if (recorder && spec_.keep == Keep::kAll) recorder->finish(sim);
    clear_in_flight(record.id);
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
