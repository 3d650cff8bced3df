#include "analysis/validate/observe.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "analysis/read/series.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

// A run on the clock of the table, whose 0 is the first dose.
class DosedRun {
public:
    DosedRun(const RunFile& run, double first_dose) : file(run), first_dose_(first_dose) {
        for (double t : run.time()) time.push_back(t - first_dose);
    }

    Series of(const std::string& name) const { return {time, file.series(name)}; }
    double at(const std::string& name, double hours) const { return of(name).at(hours); }
    double mean(const std::string& name, double from, double to) const { return of(name).mean(from, to); }
    double peak(const std::string& name) const {
        const Series series = of(name);
        const size_t k = series.extreme(0.0, HUGE_VAL, true);
        return k < time.size() ? series.value[k] : kNaN;
    }
    double time_of_peak(const std::string& name) const {
        const Series series = of(name);
        return series.time.at(series.extreme(-HUGE_VAL, HUGE_VAL, true));
    }
    size_t session_at(double hours) const {
        for (size_t k = 0; k < file.sessions().size(); ++k)
            if (std::fabs(file.sessions()[k] - first_dose_ - hours) < 0.01) return k;
        fail(Exit::kInput, "{}: error: there is no imaging session at {:g} d after the first dose",
             file.path(), hours / 24.0);
    }

    const RunFile& file;
    std::vector<double> time;  // [h]

private:
    double first_dose_;
};

struct Asked {
    const TargetRow& row;
    const DosedRun& run;
    const DosedRun* reference;
};

using Seen = std::set<std::pair<u32, u32>>;  // dendrite, place

double unmatched(const Seen& of, const Seen& other) {
    return static_cast<double>(
        std::count_if(of.begin(), of.end(), [&](const auto& s) { return !other.contains(s); }));
}

// The change of an interval's formation or elimination against the interval before the dose, against the same
// change in the reference.
double excess(const Asked& a, const char* field) {
    const std::string& at = a.row.at;  // "-1 to 1 d": the interval that ends with the second session
    const double end = hours_of(at.substr(at.find("to") + 3));
    const auto change = [&](const DosedRun& r) {
        const auto mean = r.file.imaging_mean(field);
        return mean[r.session_at(end)] - mean[r.session_at(-24.0)];
    };
    return a.reference ? change(a.run) - change(*a.reference) : kNaN;
}

double lag_holds(const Asked& a) {
    if (!a.reference) return kNaN;
    const auto ratio = [&](double from, double to) {
        return a.run.mean("formation_rate", from, to) / a.reference->mean("formation_rate", from, to);
    };
    return std::fabs(ratio(3.0, 6.0) - 1.0) <= 0.1 && ratio(12.0, 24.0) >= 1.2 ? 1.0 : 0.0;
}

double time_above_half_peak(const DosedRun& run, const std::string& name) {
    const double half = 0.5 * run.peak(name);
    const auto& value = run.file.series(name);
    double hours = 0.0;
    for (size_t k = 1; k < run.time.size(); ++k)
        if (0.5 * (value[k] + value[k - 1]) >= half) hours += run.time[k] - run.time[k - 1];
    return hours;
}

double difference_at(const Asked& a, const std::string& name, double hours) {
    return a.run.at(name, hours) - a.reference->at(name, hours);
}

// First time after which the difference to the reference exceeds half of its largest value.
double time_of_half_maximum(const Asked& a, const std::string& name) {
    if (!a.reference) return kNaN;
    double most = 0.0;
    for (double t : a.run.time) most = std::max(most, difference_at(a, name, t));
    for (double t : a.run.time)
        if (difference_at(a, name, t) >= 0.5 * most) return t / 24.0;
    return kNaN;
}

double worst_population_fold(const RunFile& run) {
    double worst = 1.0;
    for (const auto& [fold, population] : run.population_folds())
        if (std::fabs(std::log(fold)) > std::fabs(std::log(worst))) worst = fold;
    return worst;
}

double nmda_block_in_order(const Asked& a) {
    const double t = hours_of(a.row.at);
    const double sst = a.run.at("nmda_block_sst", t), pv = a.run.at("nmda_block_pv", t),
                 e = a.run.at("nmda_block_e", t);
    return sst > pv && pv > e ? 1.0 : 0.0;
}

double share_of_peak(const Asked& a, const std::string& name) {
    return a.run.at(name, hours_of(a.row.at)) / a.run.peak(name);
}

double pv_falls_before_e_peaks(const Asked& a) {
    const auto& v = a.run.file.series("rate_pv");
    const double before = a.run.at("rate_pv", -0.01), peak = a.run.time_of_peak("rate_e");
    for (size_t k = 0; k < v.size(); ++k)
        if (a.run.time[k] > 0.0 && v[k] < 0.95 * before) return a.run.time[k] < peak ? 1.0 : 0.0;
    return 0.0;
}

double density_difference(const Asked& a) {
    if (!a.reference) return kNaN;
    const auto relative = [&](const DosedRun& r) {
        const auto& seen = r.file.seen();
        return seen[r.session_at(hours_of(a.row.at))] / seen[r.session_at(-72.0)];
    };
    return 100.0 * (relative(a.run) - relative(*a.reference));
}

Seen seen_at(const DosedRun& run, double hours) { return run.file.spines_seen(run.session_at(hours)); }

double formation_since_dose(const Asked& a) {
    const Seen first = seen_at(a.run, 0.0), now = seen_at(a.run, hours_of(a.row.at));
    return 100.0 * unmatched(now, first) / static_cast<double>(first.size());
}

double elimination_since_dose(const Asked& a) {
    const Seen first = seen_at(a.run, 0.0), now = seen_at(a.run, hours_of(a.row.at));
    return 100.0 * unmatched(first, now) / static_cast<double>(first.size());
}

// Of the spines new between day 0 and day 2, this long after day 2.
double new_spine_survival(const Asked& a) {
    const Seen first = seen_at(a.run, 0.0), second = seen_at(a.run, 48.0);
    const Seen later = seen_at(a.run, 48.0 + hours_of(a.row.at));
    Seen fresh;
    std::set_difference(second.begin(), second.end(), first.begin(), first.end(),
                        std::inserter(fresh, fresh.end()));
    return 1.0 - unmatched(fresh, later) / static_cast<double>(fresh.size());
}

double synapses(const Asked& a) {
    const double now = a.run.at("synapses", hours_of(a.row.at));
    if (a.row.unit == "% of day 0") return 100.0 * now / a.run.at("synapses", 0.0);
    return a.reference ? 100.0 * (now / a.reference->at("synapses", hours_of(a.row.at)) - 1.0) : kNaN;
}

double synapses_gained_over_most(const Asked& a) {
    if (!a.reference) return kNaN;
    double most = 0.0;
    for (double t : a.run.time) most = std::max(most, difference_at(a, "synapses", t));
    return difference_at(a, "synapses", hours_of(a.row.at)) / most;
}

double response_over_first_day(const Asked& a) {
    if (!a.reference) return kNaN;
    return difference_at(a, "response_index", hours_of(a.row.at)) / difference_at(a, "response_index", 24.0);
}

using Reader = std::function<double(const Asked&)>;

const std::map<std::string, Reader>& readers() {
    static const std::map<std::string, Reader> table = {
        {"nmda_block_sst > nmda_block_pv > nmda_block_e", nmda_block_in_order},
        {"nmda_block_e / peak", [](const Asked& a) { return share_of_peak(a, "nmda_block_e"); }},
        {"time of first 5 % fall of rate_pv < time of peak of rate_e", pv_falls_before_e_peaks},
        {"mtorc1 time above half peak", [](const Asked& a) { return time_above_half_peak(a.run, "mtorc1"); }},
        {"formation_rate within 10 % of vehicle at 3-6 h and at least 20 % above at 12-24 h", lag_holds},
        {"imaging density difference", density_difference},
        {"imaging formation excess", [](const Asked& a) { return excess(a, "formation"); }},
        {"imaging elimination excess", [](const Asked& a) { return excess(a, "elimination"); }},
        {"imaging formation", formation_since_dose},
        {"imaging elimination", elimination_since_dose},
        {"imaging new-spine survival", new_spine_survival},
        {"imaging head width new/existing",
         [](const Asked& a) { return a.run.file.head_width_ratio(a.run.session_at(hours_of(a.row.at))); }},
        {"bdnf excess", [](const Asked& a) { return a.run.at("bdnf_excess", hours_of(a.row.at)); }},
        {"synapses", synapses},
        {"synapses difference", synapses_gained_over_most},
        {"response_index difference", response_over_first_day},
        {"dissociation_index", [](const Asked& a) { return share_of_peak(a, "dissociation_index"); }},
        {"blood_pressure_index", [](const Asked& a) { return share_of_peak(a, "blood_pressure_index"); }},
        {"time of half-maximal response_index difference",
         [](const Asked& a) { return time_of_half_maximum(a, "response_index"); }},
        {"rate by population", [](const Asked& a) { return worst_population_fold(a.run.file); }},
    };
    return table;
}

// A plain observable at a plain time, at its peak, in the mean over the first minutes, or settled.
double plain(const Asked& a) {
    const std::string& name = a.row.observable;
    if (name.starts_with("clearance_") || name.starts_with("auc_ratio_") ||
        name.starts_with("bioavailability_"))
        return a.run.file.derived(name);
    if (!a.run.file.has(name)) fail(Exit::kInternal, "target {}: nothing here measures '{}'", a.row.id, name);
    if (a.row.at == "peak") return a.run.peak(name);
    if (a.row.at.starts_with("mean ")) return a.run.mean(name, 0.0, hours_of(a.row.at.substr(5)));
    const double hours = hours_of(a.row.at);
    const double value = a.run.at(name, std::isfinite(hours) ? hours : a.run.time.back());
    return a.row.unit == "%" && a.row.kind == "value" && name.starts_with("nmda_block") ? 100.0 * value
                                                                                        : value;
}

}  // namespace

double hours_of(const std::string& at) {
    const auto q = parse_quantity(at);
    const auto h = q ? convert(*q, "h") : std::nullopt;
    return h.value_or(kNaN);
}

double observe(const TargetRow& row, const RunFile& run, const RunFile* reference, double first_dose) {
    const auto reader = readers().find(row.observable);
    const DosedRun dosed(run, first_dose);
    std::optional<DosedRun> other;
    if (reference)
        other.emplace(*reference, reference->has_drug_dose() ? reference->first_dose() : first_dose);
    const Asked asked{row, dosed, other ? &*other : nullptr};
    return reader == readers().end() ? plain(asked) : reader->second(asked);
}

}  // namespace respine
