// What is read off the runs of a comparison, stage by stage of the chain.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/compare/compare.hpp"
#include "sim/model/error.hpp"
#include "sim/quantity.hpp"

namespace respine {

namespace {

constexpr double kDay = 24.0, kHalfDay = 12.0;  // [h]
constexpr double kMoved = 1e-3;                 // of the value

Measure measure(const MeasureWords& words) {
    return parse_measure(
        words, {.series = {}, .runs = {"reference"}}, [&](const char*, const std::string& what) {
            fail(Exit::kInternal, "the comparison of {} {}: {}", words.quantity, words.take, what);
        });
}

std::string hours(double h) { return fmt::format("{} h", h); }

// The series that any of the runs has, each once, in the order of the chain.
std::vector<Recorded> series_of(const std::vector<RunFile>& runs) {
    std::vector<Recorded> all;
    for (const RunFile& run : runs)
        for (const Recorded& r : run.recorded()) {
            const auto same = [&](const Recorded& other) { return other.name == r.name; };
            if (r.shown_in_compare() && std::none_of(all.begin(), all.end(), same)) all.push_back(r);
        }
    const auto place = [](const Recorded& r) {
        return std::find(std::begin(kStageNames), std::end(kStageNames), r.stage) - std::begin(kStageNames);
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const Recorded& a, const Recorded& b) { return place(a) < place(b); });
    return all;
}

bool lasts_weeks(const Recorded& r) { return r.stage == "spines" || r.stage == "readout"; }

// One row a dose, each up to the next.
void add_after_doses(std::vector<CompareRow>& list, const Recorded& r, size_t doses, const std::string& what,
                     const std::string& unit, MeasureWords words, bool whole = false,
                     const std::string& moved = "") {
    const std::string time = words.time;
    for (size_t dose = 0; dose < doses; ++dose) {
        words.time = fmt::format("{} since dose {}", time, dose + 1);
        list.push_back({r.stage, r.name + " " + what + (doses > 1 ? fmt::format(", dose {}", dose + 1) : ""),
                        unit, dose, measure(words), whole});
        if (!moved.empty()) list.back().moved = measure({words.quantity, moved, words.time});
    }
}

// What goes up and down within a day of a dose.
void add_chain(std::vector<CompareRow>& list, const std::vector<Recorded>& series, size_t doses) {
    for (const Recorded& r : series) {
        if (lasts_weeks(r)) continue;
        const auto extreme = [&](const std::string& take) {
            add_after_doses(list, r, doses, take, r.unit, {r.name, take, "to next_dose"});
            add_after_doses(list, r, doses, "time of " + take, "h",
                            {r.name, "time_of_" + take, "to next_dose"}, false, take);
        };
        extreme("peak");
        add_after_doses(list, r, doses, "area over 24 h", r.unit + " h",
                        {r.name, "area", "to 24 h", "before"}, true);
        if (r.stage == "rates" || r.stage == "glutamate" || r.stage == "AMPA") extreme("least");
        if (r.name == "glutamate")
            list.push_back({r.stage, "glutamate at 4 h", r.unit, 0, measure({r.name, "at", "4 h"})});
    }
}

void add_weeks(std::vector<CompareRow>& list, const std::vector<Recorded>& series,
               const std::vector<RunFile>& runs) {
    double longest = 0.0;
    for (const RunFile& r : runs) longest = std::max(longest, r.time().back() - r.first_dose());
    const auto add = [&](const Recorded& r, const std::string& label, const MeasureWords& words) {
        list.push_back({r.stage, r.name + " at " + label, r.unit, 0, measure(words)});
    };
    for (const Recorded& r : series) {
        if (!lasts_weeks(r)) continue;
        const bool rate = r.unit == "1/d";  // it scatters from row to row: its mean over half a day
        for (const auto& [label, h] : {std::pair{"24 h", kDay}, {"7 d", 7.0 * kDay}}) {
            if (h > longest) continue;
            add(r, label,
                rate ? MeasureWords{r.name, "mean", hours(h - kHalfDay) + " to " + hours(h)}
                     : MeasureWords{r.name, "at", hours(h)});
        }
        add(r, "end",
            rate ? MeasureWords{r.name, "mean", hours(-kHalfDay) + " to 0 h since end"}
                 : MeasureWords{r.name, "last"});
    }
}

void add_imaging(std::vector<CompareRow>& list, const std::vector<RunFile>& runs) {
    const auto imaged = std::max_element(runs.begin(), runs.end(), [](const RunFile& a, const RunFile& b) {
        return a.sessions().size() < b.sessions().size();
    });
    const double first_dose = clock_of(*imaged, dose_lender(runs)).first_dose;
    const auto add = [&](const std::string& name, const std::string& unit, const MeasureWords& words) {
        list.push_back({"imaging", name, unit, 0, measure(words)});
    };
    for (size_t k = 1; k < imaged->sessions().size(); ++k) {
        const double since_first = imaged->sessions()[k] - first_dose;
        const std::string day = fmt::format("day {:g}", since_first / kDay), time = hours(since_first);
        add("density difference " + day, "points", {"imaging_density", "at", time, "reference"});
        add("formation to " + day, "%", {"imaging_formation", "at", time});
        add("elimination to " + day, "%", {"imaging_elimination", "at", time});
    }
    const bool repeated =
        imaged->sessions().size() > 1;  // the first session is the one that others are held against
    const std::string from = repeated ? hours(imaged->sessions()[1] - first_dose) : "0 h";
    add("largest density difference", "points", {"imaging_density - reference", "peak", from + " to end"});
}

// The sessions of coordination that any of the runs has, and the correlations of all its regions.
void add_coordination(std::vector<CompareRow>& list, const std::vector<RunFile>& runs) {
    const auto most = std::max_element(runs.begin(), runs.end(), [](const RunFile& a, const RunFile& b) {
        return a.coordination_sessions().size() < b.coordination_sessions().size();
    });
    const double first_dose = clock_of(*most, dose_lender(runs)).first_dose;
    for (const std::string& name : most->coordination_names())
        for (const double session : most->coordination_sessions()) {
            const std::string quantity = "coordination_" + name, time = hours(session - first_dose);
            const QuantityRow* row = quantity_row(quantity);
            if (row)
                list.push_back({"coordination",
                                fmt::format("{} day {:.3g}", name, (session - first_dose) / kDay), row->unit,
                                0, measure({quantity, "at", time})});
        }
}

}  // namespace

double value_of(const CompareRow& row, const Sight& run, const Sight* reference) {
    if (row.whole &&
        !(run.clock.dose(row.dose) + row.measure.time.to <= run.clock.next_dose(row.dose) + kTimeSlack))
        return NAN;
    const double value = read_off(row.measure, run, reference);
    if (!row.moved) return value;
    Measure by = *row.moved;
    by.against.partner = Partner::kBefore;
    const double reached = read_off(*row.moved, run);
    return std::fabs(read_off(by, run)) >= kMoved * std::max(1e-9, std::fabs(reached)) ? value : NAN;
}

const RunFile* dose_lender(const std::vector<RunFile>& runs) {
    const auto dosed =
        std::find_if(runs.begin(), runs.end(), [](const RunFile& r) { return r.has_drug_dose(); });
    return dosed == runs.end() ? nullptr : &*dosed;
}

std::vector<CompareRow> rows_of(const std::vector<RunFile>& runs) {
    size_t doses = 1;
    for (const RunFile& r : runs) doses = std::max(doses, r.doses().size());
    std::vector<CompareRow> list;
    const std::vector<Recorded> series = series_of(runs);
    add_chain(list, series, doses);
    add_weeks(list, series, runs);
    add_imaging(list, runs);
    add_coordination(list, runs);
    for (const GraphMeasure& g : kGraphMeasures)
        list.push_back({"graph", g.title, g.unit, 0, measure({g.name, "last"})});
    return list;
}

}  // namespace respine
