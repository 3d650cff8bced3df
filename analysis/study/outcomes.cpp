#include "analysis/study/outcomes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/read/graph_metrics.hpp"
#include "analysis/read/sessions.hpp"
#include "analysis/validate/targets.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "sim/expression/syntax.hpp"
#include "sim/io/run/live_rows.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

GraphMetrics graph_of(const Network& network) {
    const PlasticSynapses& synapses = network.recurrent();
    const LiveNumbers live = live_numbers(synapses, network.partition, alone());
    std::vector<u32> source(live.total);
    for_live(synapses, live, 0, live.total, [&](u64 place, u64 k) { source[k] = synapses.source[place]; });
    return measure_graph(live_offsets(synapses.live), source);
}

double seen_in(const ImagingSession& session) {
    double count = 0.0;
    for (const auto& spines : session.dendrite) count += static_cast<double>(spines.size());
    return count;
}

double mean_of_finite(std::vector<double> values) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    return mean_of(values);
}

Seen spines_of(const ImagingSession& session) {
    Seen seen;
    for (u32 n = 0; n < session.dendrite.size(); ++n)
        for (const SeenSpine& spine : session.dendrite[n]) seen.emplace(n, spine.place);
    return seen;
}

Sessions sessions_of(const std::vector<ImagingSession>& all, const ImagingParams& imaging) {
    std::vector<double> time;
    for (const ImagingSession& s : all) time.push_back(in_hours(s.at));
    return {
        .time = time,
        .count = [&all](size_t k) { return seen_in(all[k]); },
        .formation = [&all](size_t k) { return mean_of_finite(formation_percent(all[k - 1], all[k])); },
        .elimination = [&all](size_t k) { return mean_of_finite(elimination_percent(all[k - 1], all[k])); },
        .head_width = [&all, imaging](size_t k) { return head_width_ratio(imaging, all[k - 1], all[k]); },
        .seen = [&all](size_t k) { return spines_of(all[k]); }};
}

std::string outside(const char* what, double hours, const std::string& since, const Clock& clock) {
    return fmt::format("{} {:g} h{}, and the run goes from {:g} h to {:g} h", what, hours, since, clock.start,
                       clock.end);
}

std::string why_no_session(const Measure& m, const Scenario& s, double zero, const std::string& since) {
    if (s.sessions.empty()) return "there is no imaging session";
    for (const double hours : m.sessions())
        if (std::none_of(s.sessions.begin(), s.sessions.end(),
                         [&](Tick t) { return std::fabs(in_hours(t) - zero - hours) < kTimeSlack; }))
            return fmt::format("there is no imaging session at {:g} h{}", hours, since);
    if (m.time.single && is_since_session_before(m.quantities.front()) &&
        std::fabs(in_hours(s.sessions.front()) - zero - m.time.from) < kTimeSlack)
        return "nothing was imaged before its session, the first one";
    return "";
}

}  // namespace

std::string why_unreadable(const Measure& m, const Scenario& s, const Clock& clock) {
    if (m.shape() == Shape::kOnce) return "";
    const TimeWindow& w = m.time;
    const double zero = zero_of(w, clock);
    if (std::isnan(zero)) return fmt::format("there is no dose {}", w.dose + 1);
    const std::string since = zero == 0.0 ? "" : fmt::format(" after {:g} h", zero);
    const auto in_run = [&](double hours) {
        return zero + hours >= clock.start - kTimeSlack && zero + hours <= clock.end + kTimeSlack;
    };
    if (m.take->time != TimeWanted::kNone) {
        if (w.single && !in_run(w.from)) return outside("its time is", w.from, since, clock);
        if (w.since != Origin::kEnd && !in_run(w.from))
            return outside("it is read from", w.from, since, clock);
        if (!w.single && !w.to_next_dose && std::isfinite(w.to) && !in_run(w.to))
            return outside("it is read to", w.to, since, clock);
        if (!w.single && zero + w.from >= clock.end) return outside("it is read from", w.from, since, clock);
    }
    return m.shape() == Shape::kSessions ? why_no_session(m, s, zero, since) : "";
}

Watch::Watch(const std::vector<OutcomeSpec>& outcomes, const Simulation& sim, const Clock& clock,
             const std::vector<std::string>& kept)
    : clock_(clock),
      outcomes_(outcomes),
      rig_(sim.scenario().dendrites, sim.seed(), sim.model().imaging, sim.network()),
      next_check_(sim.scenario().start) {
    const std::vector<Quantity> all = history_of(sim);
    for (const OutcomeSpec& o : outcomes_) {
        bool missing = false;
        for (const std::string& name : o.measure.quantities) {
            const auto named = [&](const Quantity& q) { return q.name == name; };
            const auto wanted = std::find_if(all.begin(), all.end(), named);
            if (quantity_row(name)) continue;
            if (wanted == all.end())
                missing = true;
            else if (std::none_of(observables_.begin(), observables_.end(), named))
                observables_.push_back(*wanted);
        }
        const auto unit_of = [&](const std::string& name) -> std::string {
            if (const QuantityRow* row = quantity_row(name)) return row->unit;
            return std::find_if(all.begin(), all.end(), [&](const Quantity& q) { return q.name == name; })
                ->unit;
        };
        units_.emplace_back();
        why_not_.emplace_back();
        if (!missing) try {
                units_.back() = o.measure.unit(unit_of);
            } catch (const FormulaError& e) {
                why_not_.back() = e.text();
            }
    }
    const bool every = std::find(kept.begin(), kept.end(), "all") != kept.end();
    for (const Quantity& q : all)
        if ((every || std::find(kept.begin(), kept.end(), q.name) != kept.end()) &&
            std::none_of(observables_.begin(), observables_.end(),
                         [&](const Quantity& o) { return o.name == q.name; }))
            observables_.push_back(q);
    rows_.resize(observables_.size());
}

void Watch::observe(const Simulation& sim) {
    const Scenario& s = sim.scenario();
    if (sim.now() >= next_check_ || sim.done()) {
        sim.check_physical();
        while (next_check_ <= sim.now()) next_check_ += s.history;
    }
    turnover_.follow(sim);
    turnover_.close();
    time_.push_back(in_hours(sim.now()));
    for (size_t k = 0; k < observables_.size(); ++k)
        rows_[k].push_back(respine::value_of(observables_[k], sim, turnover_));
    while (next_session_ < s.sessions.size() && s.sessions[next_session_] <= sim.now()) {
        rig_.look(sim.now(), sim.network());
        ++next_session_;
    }
}

Curve Watch::curve(const std::string& name, const Simulation& sim) const {
    const QuantityRow* row = quantity_row(name);
    if (row && row->shape == Shape::kSessions)
        return imaging_curve(name, sessions_of(rig_.sessions(), sim.model().imaging), clock_);
    if (row)
        return {.shape = Shape::kOnce,
                .unit = row->unit,
                .time = {clock_.end},
                .value = {graph_of(sim.network()).*graph_measure(name)->member}};
    for (size_t k = 0; k < observables_.size(); ++k)
        if (observables_[k].name == name)
            return {.unit = observables_[k].unit, .time = time_, .value = rows_[k]};
    return {};
}

std::vector<double> Watch::values(const Simulation& sim) const {
    const Sight sight{[&](const std::string& name) { return curve(name, sim); }, clock_};
    std::vector<double> out;
    for (const OutcomeSpec& o : outcomes_) out.push_back(read_alone(o.measure, sight));
    return out;
}

void Watch::add_checkpoint_rows(CheckpointRows& memory) {
    sightings_ = flatten(rig_.sessions());
    memory.list("watch/time", "h", time_);
    for (size_t k = 0; k < rows_.size(); ++k)
        memory.list("watch/" + observables_[k].name, observables_[k].unit, rows_[k], kDefinedOrNot);
    turnover_.add_checkpoint_rows(memory, "watch/turnover_");
    memory.number("watch/next_session", "count", next_session_);
    memory.number("watch/next_check", "s", next_check_);
    memory.list("watch/session", "s", sightings_.at);
    memory.list("watch/seen_count", "count", sightings_.count);
    memory.list("watch/seen_place", "1", sightings_.place);
    memory.list("watch/seen_log_size", "1", sightings_.log_size);
}

void Watch::restored() {
    auto sessions = unflatten(sightings_, rig_.count());
    const bool fits =
        std::all_of(rows_.begin(), rows_.end(), [&](const auto& row) { return row.size() == time_.size(); });
    if (!sessions || !fits || sessions->size() != next_session_)
        fail(Exit::kInput,
             "a checkpoint of a study point contradicts itself; remove it and run the point anew");
    rig_.take_sessions(std::move(*sessions));
}

}  // namespace respine
