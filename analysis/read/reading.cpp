#include "analysis/read/reading.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/read/series.hpp"
#include "analysis/read/sessions.hpp"
#include "sim/imaging.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr double kResponds = 0.5, kRelapses = 0.25;  // share of the symptoms that is gone
constexpr double kAfterCourse = 24.0;                // [h]: when it is asked who responded to a course
constexpr double kBetweenVisits = 72.0;  // [h]: after a course persons are seen about twice a week

Sessions sessions_of(const RunFile& run) {
    return {.time = run.sessions(),
            .count = [&run](size_t k) { return run.seen()[k]; },
            .formation = [&run](size_t k) { return run.imaging_mean("formation")[k]; },
            .elimination = [&run](size_t k) { return run.imaging_mean("elimination")[k]; },
            .head_width = [&run](size_t k) { return run.head_width_ratio(k); },
            .seen = [&run](size_t k) { return run.spines_seen(k); },
            .value = [&run](const std::string& path, size_t k) { return run.session_value(path, k); },
            .lost = [&run] { return run.lost_places(); },
            .reach = kSameSpine / run.um_per_place()};
}

double once(const RunFile& run, const std::string& name) {
    if (name == "reconnected") return run.ensembles().reconnected;
    if (name == "overlap") return run.ensembles().overlap;
    if (name == "population_fold") return run.worst_population_fold();
    if (const GraphMeasure* m = graph_measure(name)) return run.has_graph() ? run.graph().*m->member : kNaN;
    return run.derived(name);
}

Curve curve_of(const RunFile& run, const std::string& name, const Clock& clock) {
    const QuantityRow* row = quantity_row(name);
    if (!row)
        return run.has(name) ? Curve{.unit = run.unit(name), .time = run.time(), .value = run.series(name)}
                             : Curve{};
    if (const std::string dataset = coordination_dataset(name); !dataset.empty())
        return {.shape = Shape::kSessions,
                .unit = row->unit,
                .time = run.coordination_sessions(),
                .value = run.coordination(dataset)};
    if (row->shape == Shape::kSessions) return imaging_curve(name, sessions_of(run), clock);
    if (row->shape == Shape::kOnce)
        return {.shape = Shape::kOnce, .unit = row->unit, .time = {clock.end}, .value = {once(run, name)}};
    return {.shape = row->shape, .unit = row->unit};
}

// What a cohort file holds of each subject's visits.
struct Visits {
    std::vector<double> time;     // [h]
    std::vector<float> response;  // improvement that a rater scores: subjects x times
    size_t subjects;
    Clock clock;

    explicit Visits(const std::string& path) {
        const H5File file = H5File::open(path);
        require_run_format(file, "respine-cohort");
        time = file.read<double>("/cohort/time");
        subjects = file.read<float>("/cohort/severity").size();
        // Files of before hold no rated improvement.
        response = file.read<float>(file.exists("/cohort/improvement") ? "/cohort/improvement"
                                                                       : "/cohort/response_index");
        if (time.empty() || response.size() != subjects * time.size())
            fail(Exit::kInput, "{}: error: {} responses are no visits of {} subjects at {} times", path,
                 response.size(), subjects, time.size());
        // Files of before hold no first dose: it was time 0.
        const double first = file.number_attribute("/meta", "first_dose_h", 0.0);
        clock = {.doses = {first, file.number_attribute("/meta", "last_dose_h", 0.0)},
                 .first_dose = first,
                 .start = time.front(),
                 .end = time.back()};
    }

    double at_visit(size_t subject, size_t k) const { return response[subject * time.size() + k]; }
    size_t at_or_before(double hours) const {
        size_t k = 0;
        while (k + 1 < time.size() && time[k + 1] <= hours + 1e-9) ++k;
        return k;
    }
    bool responds(size_t subject, double hours) const {
        return at_visit(subject, at_or_before(hours)) >= kResponds;
    }
    std::vector<size_t> after_course() const {
        std::vector<size_t> seen;
        for (double t = clock.doses.back() + kBetweenVisits; t <= time.back() + 1e-9; t += kBetweenVisits)
            if (const size_t k = at_or_before(t);
                time[k] > clock.doses.back() && (seen.empty() || k > seen.back()))
                seen.push_back(k);
        return seen;
    }
};

std::vector<double> percent_of_responders(const Visits& v) {
    std::vector<double> percent;
    for (size_t k = 0; k < v.time.size(); ++k) {
        double responders = 0.0;
        for (size_t s = 0; s < v.subjects; ++s) responders += v.at_visit(s, k) >= kResponds ? 1.0 : 0.0;
        percent.push_back(100.0 * responders / static_cast<double>(v.subjects));
    }
    return percent;
}

// Infinite for who does not relapse.
double days_to_relapse(const Visits& v, size_t subject) {
    const std::vector<size_t> seen = v.after_course();
    for (size_t k = 1; k < seen.size(); ++k)
        if (v.at_visit(subject, seen[k - 1]) < kRelapses && v.at_visit(subject, seen[k]) < kRelapses)
            return (v.time[seen[k - 1]] - v.clock.doses.back()) / 24.0;
    return std::numeric_limits<double>::infinity();
}

Curve relapses(const Visits& v, const QuantityRow& row) {
    Curve days{.shape = row.shape, .unit = row.unit};
    const double followed = (v.clock.end - v.clock.doses.back()) / 24.0;
    for (size_t s = 0; s < v.subjects; ++s) {
        if (!v.responds(s, v.clock.doses.back() + kAfterCourse)) continue;
        days.time.push_back(followed);
        days.value.push_back(days_to_relapse(v, s));
    }
    return days;
}

std::string unit_of(const Measure& m, const RunFile* run) {
    const QuantityRow* row = quantity_row(m.quantities.front());
    return m.unit([&](const std::string& name) { return row ? std::string(row->unit) : run->unit(name); });
}

}  // namespace

Clock clock_of(const RunFile& run, const RunFile* lender) {
    const bool borrows = !run.has_drug_dose() && lender && lender->has_drug_dose();
    const RunFile& dosed = borrows ? *lender : run;
    return {.doses = dosed.doses(),
            .first_dose = dosed.first_dose(),
            .start = run.time().front(),
            .end = run.time().back()};
}

Clock clock_of(const Scenario& s, const Scenario& dosed) {
    Clock clock{.doses = {},
                .first_dose = in_hours(dosed.first_dose()),
                .start = in_hours(s.start),
                .end = in_hours(s.end())};
    for (const Tick t : dosed.doses()) clock.doses.push_back(in_hours(t));
    return clock;
}

Sight sight_of(const RunFile& run, Clock clock) {
    return {[&run, clock](const std::string& name) { return curve_of(run, name, clock); }, clock};
}

Sight sight_of_cohort(const std::string& path) {
    const auto visits = std::make_shared<const Visits>(path);
    const auto curve = [visits](const std::string& name) -> Curve {
        const QuantityRow* row = quantity_row(name);
        if (name == "responders")
            return {row->shape, row->unit, visits->time, percent_of_responders(*visits)};
        if (name == "days_to_relapse") return relapses(*visits, *row);
        return {};
    };
    return {curve, visits->clock};
}

bool is_of_cohort(const Measure& m) { return m.shape() == Shape::kVisits || m.shape() == Shape::kSubjects; }

const RunFile* OpenRuns::get(const std::string& path) {
    auto& slot = open_[path];
    if (!slot) slot = std::make_unique<RunFile>(path);
    return slot.get();
}

bool OpenRuns::is_cohort(const std::string& path) {
    const auto known = cohort_.find(path);
    if (known != cohort_.end()) return known->second;
    return cohort_[path] = H5File::open(path).text_attribute("/", "format") == "respine-cohort";
}

Number read_off(const Measure& m, const std::string& path, const std::string& reference, OpenRuns& runs) {
    if (is_of_cohort(m)) return {read_off(m, sight_of_cohort(path)), unit_of(m, nullptr)};
    const RunFile *run = runs.get(path), *other = reference.empty() ? nullptr : runs.get(reference);
    for (const std::string& name : m.quantities)
        for (const RunFile* file : {run, m.needs_reference() ? other : nullptr})
            if (file && !quantity_row(name) && !file->has(name))
                fail(Exit::kInput, "{}: error: its history has no '{}'", file->path(), name);
    const Sight own = sight_of(*run, clock_of(*run, other));
    if (!other) return {read_off(m, own), unit_of(m, run)};
    const Sight against = sight_of(*other, clock_of(*other, run));
    return {read_off(m, own, &against), unit_of(m, run)};
}

Number read_off(const MeasureWords& words, const std::string& path, const std::string& reference,
                OpenRuns& runs) {
    Vocabulary vocabulary{.series = {}, .runs = {"reference"}};
    const bool cohort = runs.is_cohort(path);
    if (cohort)
        vocabulary.series = {"responders"};
    else
        for (const Recorded& r : runs.get(path)->recorded()) vocabulary.series.push_back(r.name);
    Problems problems;
    const Place whole{path};
    const Measure m = parse_measure(words, vocabulary, [&](const char* cell, const std::string& what) {
        problems.add(whole, "{}: {}", cell, what);
    });
    problems.throw_if_any(Exit::kUsage);
    if (cohort != is_of_cohort(m))
        problems.add(whole, "quantity: '{}' is no quantity of a {}", words.quantity,
                     cohort ? "cohort" : "run");
    if (m.needs_reference() && reference.empty())
        problems.add(whole, "reference: is needed, the run that the value is held against");
    problems.throw_if_any(Exit::kUsage);
    return read_off(m, path, reference, runs);
}

}  // namespace respine
