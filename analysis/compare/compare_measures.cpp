// What is read off the runs of a comparison, stage by stage of the chain.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "analysis/compare/compare.hpp"
#include "analysis/read/series.hpp"
#include "sim/quantity.hpp"

namespace respine {

namespace {

constexpr double kJustBefore = 1e-6;   // [h]
constexpr double kSameSession = 0.01;  // [h]

// From one dose to the next, or to the end of the run; empty where the run has no such dose.
struct Window {
    double from = kNaN, to = kNaN;
    bool exists() const { return std::isfinite(from); }
};

Window window_of(const Look& look, size_t dose) {
    const double end = look.run.time().back();
    if (look.doses.empty()) return dose == 0 ? Window{look.run.first_dose(), end} : Window{};
    if (dose >= look.doses.size()) return {};
    return {look.doses[dose], dose + 1 < look.doses.size() ? look.doses[dose + 1] : end};
}

double value_at(const RunFile& run, const std::string& name, double hours) {
    const double end = run.time().back();
    return hours >= run.time().front() && hours <= end + kJustBefore ? run.at(name, std::min(hours, end))
                                                                     : kNaN;
}

double before_dose(const RunFile& run, const std::string& name, const Window& window) {
    return run.at(name, window.from - kJustBefore);
}

// A stage of the chain: its quantities, and whether their fall is told as well as their rise.
class StageMeasures {
public:
    StageMeasures(std::vector<Measure>& list, size_t doses, std::string stage, std::string name,
                  std::string unit)
        : list_(list),
          doses_(doses),
          stage_(std::move(stage)),
          name_(std::move(name)),
          unit_(std::move(unit)) {}

    void rise() {
        extreme(true, "peak");
        add("area over 24 h", unit_ + " h",
            [](const RunFile& run, const std::string& name,
               const Window& w) {  // above the level before the dose
                return w.from + 24.0 <= w.to + kJustBefore
                           ? 24.0 * (run.mean(name, w.from, w.from + 24.0) - before_dose(run, name, w))
                           : kNaN;
            });
    }
    void fall() { extreme(false, "least"); }

private:
    void extreme(bool largest, const std::string& what) {
        const auto place = [largest](const RunFile& run, const std::string& name, const Window& w) {
            return run.of(name).extreme(w.from, w.to, largest);
        };
        add(what, unit_, [place](const RunFile& run, const std::string& name, const Window& w) {
            const size_t k = place(run, name, w);
            return k < run.time().size() ? run.series(name)[k] : kNaN;
        });
        add("time of " + what, "h",
            [place](const RunFile& run, const std::string& name,
                    const Window& w) {  // since the dose, where anything changed
                const size_t k = place(run, name, w);
                if (k == run.time().size()) return kNaN;
                const double value = run.series(name)[k];
                const bool changed =
                    std::fabs(value - before_dose(run, name, w)) >= 1e-3 * std::max(1e-9, std::fabs(value));
                return changed ? run.time()[k] - w.from : kNaN;
            });
    }
    void add(const std::string& what, const std::string& unit,
             const std::function<double(const RunFile&, const std::string&, const Window&)>& read) {
        for (size_t dose = 0; dose < doses_; ++dose)
            list_.push_back({stage_,
                             name_ + " " + what + (doses_ > 1 ? fmt::format(", dose {}", dose + 1) : ""),
                             unit, dose, [name = name_, dose, read](const Look& look) {
                                 const Window w = window_of(look, dose);
                                 return w.exists() && look.run.has(name) ? read(look.run, name, w) : kNaN;
                             }});
    }

    std::vector<Measure>& list_;
    size_t doses_;
    std::string stage_, name_, unit_;
};

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

// What goes up and down within a day of a dose.
void add_chain(std::vector<Measure>& list, const std::vector<Recorded>& series, size_t doses) {
    for (const Recorded& r : series) {
        if (lasts_weeks(r)) continue;
        StageMeasures one(list, doses, r.stage, r.name, r.unit);
        one.rise();
        if (r.stage == "rates" || r.stage == "glutamate" || r.stage == "AMPA") one.fall();
        if (r.name == "glutamate")
            list.push_back({r.stage, "glutamate at 4 h", r.unit, 0,
                            [](const Look& l) { return value_at(l.run, "glutamate", l.after_first(4.0)); }});
    }
}

void add_weeks(std::vector<Measure>& list, const std::vector<Recorded>& series,
               const std::vector<RunFile>& runs) {
    double longest = 0.0;
    for (const RunFile& r : runs) longest = std::max(longest, r.time().back() - r.first_dose());
    const auto add = [&](const Recorded& r, auto value) {
        for (const auto& [label, hours] : {std::pair{"24 h", 24.0}, {"7 d", 168.0}, {"end", HUGE_VAL}}) {
            if (std::isfinite(hours) && hours > longest) continue;
            list.push_back(
                {r.stage, r.name + " at " + label, r.unit, 0, [value, h = hours](const Look& look) {
                     return value(look.run, std::isfinite(h) ? look.after_first(h) : look.run.time().back());
                 }});
        }
    };
    for (const Recorded& r : series) {
        if (!lasts_weeks(r)) continue;
        if (r.unit == "1/d")  // a rate scatters from row to row: its mean over half a day
            add(r, [name = r.name](const RunFile& run, double h) {
                return h <= run.time().back() + kJustBefore
                           ? run.mean(name, std::max(run.time().front(), h - 12.0), h)
                           : kNaN;
            });
        else
            add(r, [name = r.name](const RunFile& run, double h) { return value_at(run, name, h); });
    }
}

constexpr size_t kNoSession = static_cast<size_t>(-1);

size_t session_at(const RunFile& run, double hours) {
    for (size_t k = 0; k < run.sessions().size(); ++k)
        if (std::fabs(run.sessions()[k] - hours) < kSameSession) return k;
    return kNoSession;
}

// NaN unless both runs were imaged then, and first at the same time.
double density_difference(const Look& look, size_t session, double since_first) {
    if (!look.reference) return kNaN;
    const RunFile& reference = *look.reference;
    const double first =
        reference.has_drug_dose() || look.doses.empty() ? reference.first_dose() : look.doses.front();
    const size_t other = session_at(reference, first + since_first);
    const bool one_baseline = session_at(reference, first + look.since_first(look.run.sessions()[0])) == 0;
    return other == kNoSession || !one_baseline
               ? kNaN
               : imaging_density_difference(look.run, session, reference, other);
}

void add_imaging(std::vector<Measure>& list, const std::vector<RunFile>& runs) {
    const auto imaged = std::max_element(runs.begin(), runs.end(), [](const RunFile& a, const RunFile& b) {
        return a.sessions().size() < b.sessions().size();
    });
    const Look best{*imaged, doses_for(*imaged, dose_lender(runs))};
    for (size_t k = 1; k < imaged->sessions().size(); ++k) {
        const double since_first = best.since_first(imaged->sessions()[k]);
        const std::string day = fmt::format("day {:g}", since_first / 24.0);
        const auto if_seen = [since_first](auto value) {
            return [since_first, value](const Look& look) {
                const size_t session = session_at(look.run, look.after_first(since_first));
                return session == kNoSession ? kNaN : value(look, session);
            };
        };
        list.push_back({"imaging", "density difference " + day, "points", 0,
                        if_seen([since_first](const Look& look, size_t s) {
                            return density_difference(look, s, since_first);
                        })});
        list.push_back({"imaging", "formation to " + day, "%", 0,
                        if_seen([](const Look& l, size_t s) { return l.run.imaging_mean("formation")[s]; })});
        list.push_back({"imaging", "elimination to " + day, "%", 0, if_seen([](const Look& l, size_t s) {
                            return l.run.imaging_mean("elimination")[s];
                        })});
    }
    list.push_back({"imaging", "largest density difference", "points", 0, [](const Look& look) {
                        double most = kNaN;
                        for (size_t k = 1; k < look.run.sessions().size(); ++k)
                            most = std::fmax(
                                most, density_difference(look, k, look.since_first(look.run.sessions()[k])));
                        return most;
                    }});
}

void add_graph(std::vector<Measure>& list) {
    const auto metrics = std::make_shared<std::map<std::string, GraphMetrics>>();
    for (const GraphMeasure& g : kGraphMeasures)
        list.push_back({"graph", g.title, g.unit, 0, [metrics, member = g.member](const Look& l) {
                            if (!l.run.has_graph()) return kNaN;
                            if (!metrics->contains(l.run.path())) (*metrics)[l.run.path()] = l.run.graph();
                            return (*metrics)[l.run.path()].*member;
                        }});
}

}  // namespace

const RunFile* dose_lender(const std::vector<RunFile>& runs) {
    const auto dosed =
        std::find_if(runs.begin(), runs.end(), [](const RunFile& r) { return r.has_drug_dose(); });
    return dosed == runs.end() ? nullptr : &*dosed;
}

const std::vector<double>& doses_for(const RunFile& run, const RunFile* lender) {
    return run.has_drug_dose() || !lender ? run.doses() : lender->doses();
}

double imaging_density_difference(const RunFile& run, size_t session, const RunFile& reference,
                                  size_t reference_session) {
    return 100.0 *
           (run.seen()[session] / run.seen()[0] - reference.seen()[reference_session] / reference.seen()[0]);
}

std::vector<Measure> measures_of(const std::vector<RunFile>& runs) {
    size_t doses = 1;
    for (const RunFile& r : runs) doses = std::max(doses, r.doses().size());
    std::vector<Measure> list;
    const std::vector<Recorded> series = series_of(runs);
    add_chain(list, series, doses);
    add_weeks(list, series, runs);
    add_imaging(list, runs);
    add_graph(list);
    return list;
}

}  // namespace respine
