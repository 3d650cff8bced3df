#include "analysis/study/outcomes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/read/graph_metrics.hpp"
#include "analysis/read/series.hpp"
#include "analysis/validate/targets.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "sim/io/run/live_rows.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr double kTimeSlack = 0.01;  // [h]: half a minute of rounding in what a user writes

GraphMetrics graph_of(const PlasticSynapses& synapses) {
    const std::vector<u64> offsets = live_offsets(synapses.live);
    std::vector<u32> source(offsets.back());
    for_live(synapses, offsets, 0, offsets.back(),
             [&](u64 place, u64 k) { source[k] = synapses.source[place]; });
    return measure_graph(offsets, source);
}

bool is_series(Take take) { return take < Take::kImagingDensity; }

const GraphMeasure& measure_named(const std::string& name) {
    return *std::find_if(std::begin(kGraphMeasures), std::end(kGraphMeasures),
                         [&](const GraphMeasure& m) { return m.name == name; });
}

// What is read off a series; times are told from `zero` on, as they were asked for.
double taken(const OutcomeSpec& o, const Series& series, double zero) {
    const std::vector<double>& time = series.time;
    const bool covered = o.from >= time.front() && o.to <= time.back();
    const auto extreme = [&](bool largest, bool when) {
        const size_t k = series.extreme(o.from, o.to, largest);
        return k == time.size() ? kNaN : when ? time[k] : series.value[k];
    };
    switch (o.take) {
        case Take::kAt:
            return o.at >= time.front() && o.at <= time.back() ? series.at(o.at) : kNaN;
        case Take::kMean:
            return covered ? series.mean(o.from, o.to) : kNaN;
        case Take::kArea:
            return covered ? series.area(o.from, o.to) : kNaN;
        case Take::kPeak:
            return extreme(true, false);
        case Take::kLeast:
            return extreme(false, false);
        case Take::kTimeOfPeak:
            return extreme(true, true) - zero;
        case Take::kTimeOfLeast:
            return extreme(false, true) - zero;
        case Take::kFirstAbove:
            return series.first_passage(o.from, o.to, o.level, true) - zero;
        case Take::kFirstBelow:
            return series.first_passage(o.from, o.to, o.level, false) - zero;
        case Take::kReaches: {
            const double most = extreme(true, false);
            return std::isnan(most) ? kNaN : most >= o.level ? 1.0 : 0.0;
        }
        default:
            return kNaN;
    }
}

size_t session_at(const std::vector<ImagingSession>& sessions, double hours) {
    for (size_t k = 0; k < sessions.size(); ++k)
        if (std::fabs(in_hours(sessions[k].at) - hours) < kTimeSlack) return k;
    return sessions.size();
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

}  // namespace

const std::vector<TakeRow> kTakes = {
    {"at", Take::kAt, false, true, "value at one time"},
    {"mean", Take::kMean, false, false, "mean between from and to"},
    {"area", Take::kArea, false, false, "area between from and to"},
    {"peak", Take::kPeak, false, false, "largest value between from and to"},
    {"least", Take::kLeast, false, false, "smallest value between from and to"},
    {"time_of_peak", Take::kTimeOfPeak, false, false, "time of the largest value"},
    {"time_of_least", Take::kTimeOfLeast, false, false, "time of the smallest value"},
    {"first_above", Take::kFirstAbove, true, false, "first time at or above the level"},
    {"first_below", Take::kFirstBelow, true, false, "first time at or below the level"},
    {"reaches", Take::kReaches, true, false,
     "1 when the level is reached between from and to, else 0: its mean over subjects is a share"},
    {"imaging_density", Take::kImagingDensity, false, true,
     "spines seen in the session at that time, over those of the first session"},
    {"imaging_formation", Take::kImagingFormation, false, true,
     "spines new since the session before, over those seen then"},
    {"imaging_elimination", Take::kImagingElimination, false, true,
     "spines gone since the session before, over those seen then"},
    {"graph", Take::kGraph, false, false, "measure of the live excitatory network at the end"},
};

const char* name_of(Take take) {
    return std::find_if(kTakes.begin(), kTakes.end(), [&](const TakeRow& row) { return row.take == take; })
        ->name;
}

std::vector<std::string> graph_measures() {
    std::vector<std::string> names;
    for (const GraphMeasure& m : kGraphMeasures) names.emplace_back(m.name);
    return names;
}

std::string unit_of(const OutcomeSpec& outcome, const std::string& observable_unit) {
    switch (outcome.take) {
        case Take::kTimeOfPeak:
        case Take::kTimeOfLeast:
        case Take::kFirstAbove:
        case Take::kFirstBelow:
            return "h";
        case Take::kArea:
            return observable_unit == "1" ? "h" : observable_unit + " h";
        case Take::kImagingDensity:
        case Take::kImagingFormation:
        case Take::kImagingElimination:
            return "%";
        case Take::kReaches:
        case Take::kGraph:
            return "1";
        default:
            return observable_unit;
    }
}

std::optional<double> level_in(const OutcomeSpec& o, const std::string& unit) {
    if (o.level_unit.empty() || o.level_unit == unit) return o.level;
    return convert(NumberWithUnit{o.level, o.level_unit}, unit);
}

std::string why_unreadable(const OutcomeSpec& o, const Scenario& s, Tick first_dose) {
    if (o.take == Take::kGraph) return "";
    const double zero = in_hours(zero_of(o, first_dose)), start = in_hours(s.start), end = in_hours(s.end());
    const std::string from_zero = zero == 0.0 ? "" : fmt::format(" after {:g} h", zero);
    const auto outside = [&](const char* key, double hours) {
        return fmt::format("'{}' is {:g} h{}, and the run goes from {:g} h to {:g} h", key, hours, from_zero,
                           start, end);
    };
    const auto in_run = [&](double hours) {
        return zero + hours >= start - kTimeSlack && zero + hours <= end + kTimeSlack;
    };
    const bool single = std::find_if(kTakes.begin(), kTakes.end(), [&](const TakeRow& r) {
                            return r.take == o.take;
                        })->needs_at;
    if (single) {
        if (!in_run(o.at)) return outside("at", o.at);
    } else {
        if (!in_run(o.from)) return outside("from", o.from);
        if (std::isfinite(o.to) && !in_run(o.to)) return outside("to", o.to);
        if (zero + o.from >= end) return outside("from", o.from);
    }
    if (is_series(o.take)) return "";
    const auto session = std::find_if(s.sessions.begin(), s.sessions.end(), [&](Tick t) {
        return std::fabs(in_hours(t) - zero - o.at) < kTimeSlack;
    });
    if (session == s.sessions.end())
        return fmt::format("there is no imaging session at {:g} h{}", o.at, from_zero);
    if (session == s.sessions.begin() && o.take != Take::kImagingDensity)
        return "nothing was imaged before its session, the first one";
    return "";
}

// The outcomes are kept in the time of the scenario from here on.
Watch::Watch(const std::vector<OutcomeSpec>& outcomes, const Simulation& sim, Tick first_dose)
    : first_dose_(first_dose),
      outcomes_(outcomes),
      rig_(sim.scenario().dendrites, sim.seed(), sim.model().imaging, sim.network()),
      next_check_(sim.scenario().start) {
    const std::vector<Quantity> all = history_of(sim);
    const auto named = [](const std::string& name) {
        return [&name](const Quantity& q) { return q.name == name; };
    };
    for (OutcomeSpec& o : outcomes_) {
        const double start = in_hours(sim.scenario().start), end = in_hours(sim.scenario().end());
        for (double* time : {&o.from, &o.to, &o.at}) {
            *time += in_hours(zero_of(o, first_dose_));
            if (const double inside = std::clamp(*time, start, end); std::fabs(*time - inside) < kTimeSlack)
                *time = inside;
        }
        if (!std::isfinite(o.to)) o.to = end;
        const auto wanted = std::find_if(all.begin(), all.end(), named(o.of));
        const auto known = std::find_if(observables_.begin(), observables_.end(), named(o.of));
        if (!is_series(o.take)) {
            column_.push_back(kNone);
            units_.push_back(unit_of(o, "1"));
        } else if (wanted == all.end()) {
            column_.push_back(kNone);
            units_.emplace_back();
        } else {
            column_.push_back(static_cast<size_t>(known - observables_.begin()));
            units_.push_back(unit_of(o, wanted->unit));
            o.level = level_in(o, wanted->unit).value_or(kNaN);
            if (known == observables_.end()) observables_.push_back(*wanted);
        }
    }
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

double Watch::imaging(const OutcomeSpec& o) const {
    const auto& sessions = rig_.sessions();
    const size_t k = session_at(sessions, o.at);
    if (k == sessions.size()) return kNaN;
    if (o.take == Take::kImagingDensity) return 100.0 * seen_in(sessions[k]) / seen_in(sessions[0]);
    if (k == 0) return kNaN;
    return mean_of_finite(o.take == Take::kImagingFormation
                              ? formation_percent(sessions[k - 1], sessions[k])
                              : elimination_percent(sessions[k - 1], sessions[k]));
}

double Watch::value_of(const OutcomeSpec& o, const Simulation& sim) const {
    if (o.take == Take::kGraph) return graph_of(sim.network().recurrent()).*measure_named(o.of).member;
    if (!is_series(o.take)) return imaging(o);
    const size_t column = column_[static_cast<size_t>(&o - outcomes_.data())];
    if (column == kNone) return kNaN;
    return taken(o, {time_, rows_[column]}, in_hours(zero_of(o, first_dose_)));
}

std::vector<double> Watch::values(const Simulation& sim) const {
    std::vector<double> out;
    for (const OutcomeSpec& o : outcomes_) out.push_back(value_of(o, sim));
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
