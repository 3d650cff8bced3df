#include "analysis/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "analysis/texts.hpp"
#include "sim/error.hpp"

namespace respine {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Peak {
    double value, hours;
};

// Largest value from the first dose (time 0) on.
Peak peak_of(const RunFile& run, const std::string& name) {
    const Series series = run.of(name);
    const size_t k = series.extreme(0.0, HUGE_VAL, true);
    return k < series.time.size() ? Peak{series.value[k], series.time[k]} : Peak{kNaN, kNaN};
}

void add_stage(std::vector<Measure>& list, const std::string& stage, const std::string& name, const std::string& unit) {
    const auto add = [&](const std::string& what, const std::string& u, std::function<double(const RunFile&)> f) {
        list.push_back({stage, name + " " + what, u, [name, f](const RunFile& r, const RunFile*) { return r.has(name) ? f(r) : kNaN; }});
    };
    add("peak", unit, [name](const RunFile& r) { return peak_of(r, name).value; });
    add("time of peak", "h", [name](const RunFile& r) {
        const Peak p = peak_of(r, name);
        return std::fabs(p.value - r.at(name, -1e-6)) < 1e-3 * std::max(1e-9, std::fabs(p.value)) ? kNaN : p.hours;
    });
    add("area over 24 h", unit + " h", [name](const RunFile& r) {  // above the level before the dose
        return 24.0 * (r.mean(name, 0.0, 24.0) - r.at(name, -1e-6));
    });
}

std::vector<Measure> all_measures(const std::vector<RunFile>& runs) {
    std::vector<Measure> list;
    std::vector<std::string> drugs;
    double last = 0.0;
    for (const RunFile& r : runs) {
        for (const std::string& d : r.drugs())
            if (std::find(drugs.begin(), drugs.end(), d) == drugs.end()) drugs.push_back(d);
        last = std::max(last, r.time().back());
    }
    for (const std::string& d : drugs) {
        add_stage(list, "dose", "plasma_" + d, "ng/mL");
        add_stage(list, "dose", "brain_" + d, "uM");
    }
    for (const char* type : {"e", "pv", "sst"}) add_stage(list, "block", std::string("nmda_block_") + type, "1");
    for (const char* type : {"e", "pv", "sst"}) add_stage(list, "rates", std::string("rate_") + type, "Hz");
    add_stage(list, "glutamate", "glutamate", "fold");
    list.push_back({"glutamate", "glutamate at 4 h", "fold", [](const RunFile& r, const RunFile*) { return r.at("glutamate", 4.0); }});
    add_stage(list, "AMPA", "ampa", "fold");
    add_stage(list, "BDNF", "bdnf", "fold");
    for (const char* name : {"trkb", "mtorc1", "protein_pool"}) add_stage(list, "signalling", name, "1");
    const auto at_times = [&](const char* stage, const std::string& name, const std::string& unit, auto value) {
        for (const auto& [label, hours] : {std::pair{"24 h", 24.0}, {"7 d", 168.0}, {"end", 1e9}}) {
            if (hours < 1e9 && hours > last) continue;
            list.push_back({stage, name + " at " + label, unit, [value, h = hours](const RunFile& r, const RunFile*) {
                                return value(r, std::min(h, r.time().back()));
                            }});
        }
    };
    at_times("spines", "spine_density", "%", [](const RunFile& r, double h) { return r.at("spine_density", h); });
    for (const char* name : {"formation_rate", "elimination_rate"})
        at_times("spines", name, "1/d", [name](const RunFile& r, double h) { return r.mean(name, std::max(r.time().front(), h - 12.0), h); });
    at_times("readout", "response_index", "1", [](const RunFile& r, double h) { return r.at("response_index", h); });
    const auto imaged = std::max_element(runs.begin(), runs.end(), [](const RunFile& a, const RunFile& b) { return a.sessions().size() < b.sessions().size(); });
    for (size_t k = 1; k < imaged->sessions().size(); ++k) {
        const std::string day = fmt::format("day {:g}", imaged->sessions()[k] / 24.0);
        const auto if_seen = [k](auto f) { return [k, f](const RunFile& r, const RunFile* ref) { return r.sessions().size() > k ? f(r, ref) : kNaN; }; };
        list.push_back({"imaging", "density difference " + day, "points", if_seen([k](const RunFile& r, const RunFile* ref) {
                            return ref && ref->sessions() == r.sessions() ? imaging_density_difference(r, *ref, k) : kNaN;
                        })});
        list.push_back({"imaging", "formation to " + day, "%", if_seen([k](const RunFile& r, const RunFile*) { return r.imaging_mean("formation")[k]; })});
        list.push_back({"imaging", "elimination to " + day, "%", if_seen([k](const RunFile& r, const RunFile*) { return r.imaging_mean("elimination")[k]; })});
    }
    list.push_back({"imaging", "largest density difference", "points", [](const RunFile& r, const RunFile* ref) {
                        if (!ref || ref->sessions() != r.sessions() || r.sessions().empty()) return kNaN;
                        double most = -1e9;
                        for (size_t k = 1; k < r.sessions().size(); ++k) most = std::max(most, imaging_density_difference(r, *ref, k));
                        return most;
                    }});
    const auto metrics = std::make_shared<std::map<std::string, GraphMetrics>>();
    for (const GraphMeasure& g : kGraphMeasures)
        list.push_back({"graph", g.title, g.unit, [metrics, member = g.member](const RunFile& r, const RunFile*) {
                            if (!r.has_graph()) return kNaN;
                            if (!metrics->contains(r.path())) (*metrics)[r.path()] = r.graph();
                            return (*metrics)[r.path()].*member;
                        }});
    return list;
}

struct Sample {
    double mean = kNaN, sd = kNaN;
    int n = 0;
};

Sample sample_of(const std::vector<double>& values) {
    Sample s;
    double sum = 0.0, square = 0.0;
    for (double v : values)
        if (std::isfinite(v)) {
            sum += v;
            ++s.n;
        }
    if (s.n == 0) return s;
    s.mean = sum / s.n;
    for (double v : values)
        if (std::isfinite(v)) square += (v - s.mean) * (v - s.mean);
    s.sd = s.n > 1 ? std::sqrt(square / (s.n - 1)) : kNaN;
    return s;
}

std::string number_text(double v) {
    if (!std::isfinite(v)) return "-";
    const double a = std::fabs(v);
    return a != 0.0 && (a < 1e-3 || a >= 1e5) ? fmt::format("{:.2e}", v) : fmt::format("{:.4g}", v);
}

std::string cell_text(const Cell& c) {
    std::string text = number_text(c.mean);
    if (c.n > 1 && std::isfinite(c.mean)) text += " ± " + number_text(c.sd);
    if (std::isfinite(c.z) && std::fabs(c.z) >= 3.0) text += fmt::format(" (z {:+.1f})", std::clamp(c.z, -999.0, 999.0));
    return text;
}

size_t width_of(const std::string& text) {  // characters, not bytes
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

double imaging_density_difference(const RunFile& run, const RunFile& reference, size_t session) {
    return 100.0 * (run.seen()[session] / run.seen()[0] - reference.seen()[session] / reference.seen()[0]);
}

Comparison compare_runs(const std::vector<RunFile>& runs, const std::string& reference_name) {
    Comparison c;
    c.reference = reference_name;
    c.measures = all_measures(runs);
    std::map<std::string, std::vector<const RunFile*>> by_arm;
    for (const RunFile& r : runs) {
        if (!by_arm.contains(r.name())) c.arms.push_back(r.name());
        by_arm[r.name()].push_back(&r);
    }
    if (!reference_name.empty()) std::stable_partition(c.arms.begin(), c.arms.end(), [&](const std::string& a) { return a == reference_name; });
    const auto reference_for = [&](const RunFile& r) -> const RunFile* {
        if (reference_name.empty()) return nullptr;
        for (const RunFile* candidate : by_arm[reference_name])
            if (candidate->seed() == r.seed()) return candidate;
        return nullptr;
    };
    for (const Measure& m : c.measures) {
        std::vector<Cell> row;
        for (const std::string& arm : c.arms) {
            std::vector<double> values, differences, of_reference;
            for (const RunFile* r : by_arm[arm]) {
                const RunFile* reference = reference_for(*r);
                values.push_back(m.value(*r, reference));
                if (!reference) continue;
                of_reference.push_back(m.value(*reference, reference));
                differences.push_back(values.back() - of_reference.back());
            }
            const Sample s = sample_of(values), d = sample_of(differences), ref = sample_of(of_reference);
            Cell cell{s.mean, s.sd, s.n, d.mean, kNaN, kNaN};
            if (d.n > 1 && d.sd > 0.0) cell.z = d.mean / (d.sd / std::sqrt(static_cast<double>(d.n)));
            if (d.n > 1 && ref.sd > 0.0) cell.effect = d.mean / ref.sd;
            row.push_back(cell);
        }
        c.cells.push_back(row);
    }
    return c;
}

std::string as_text(const Comparison& c, bool markdown) {
    std::vector<std::vector<std::string>> table = {{"stage", "measure", "unit"}};
    for (const std::string& arm : c.arms) table[0].push_back(arm == c.reference ? arm + " (reference)" : arm);
    std::string stage;
    for (size_t m = 0; m < c.measures.size(); ++m) {
        if (std::none_of(c.cells[m].begin(), c.cells[m].end(), [](const Cell& x) { return std::isfinite(x.mean); })) continue;
        std::vector<std::string> row = {c.measures[m].stage == stage ? "" : c.measures[m].stage, c.measures[m].name, c.measures[m].unit};
        stage = c.measures[m].stage;
        for (const Cell& cell : c.cells[m]) row.push_back(cell_text(cell));
        table.push_back(row);
    }
    std::vector<size_t> width(table[0].size(), 0);
    for (const auto& row : table)
        for (size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], width_of(row[k]));
    std::string out;
    for (size_t r = 0; r < table.size(); ++r) {
        for (size_t k = 0; k < table[r].size(); ++k)
            out += (markdown ? "| " : k ? "  " : "") + table[r][k] + std::string(width[k] - width_of(table[r][k]), ' ') + (markdown ? " " : "");
        out += markdown ? "|\n" : "\n";
        if (r > 0) continue;
        for (size_t k = 0; k < width.size(); ++k) out += markdown ? "|" + std::string(width[k] + 2, '-') : std::string(k ? 2 : 0, ' ') + std::string(width[k], '-');
        out += markdown ? "|\n" : "\n";
    }
    return out;
}

std::string as_csv(const Comparison& c) {
    std::string out = "stage,measure,unit,arm,n,mean,sd,difference,z,effect_size\n";
    const auto field = [](double v) { return std::isfinite(v) ? fmt::format("{:.9g}", v) : std::string(); };
    for (size_t m = 0; m < c.measures.size(); ++m)
        for (size_t a = 0; a < c.arms.size(); ++a) {
            const Cell& x = c.cells[m][a];
            out += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", csv_text(c.measures[m].stage), csv_text(c.measures[m].name), csv_text(c.measures[m].unit),
                               csv_text(c.arms[a]), x.n, field(x.mean), field(x.sd), field(x.difference), field(x.z), field(x.effect));
        }
    return out;
}

std::string as_json(const Comparison& c) {
    nlohmann::json out = {{"reference", c.reference}, {"arms", c.arms}, {"measures", nlohmann::json::array()}};
    for (size_t m = 0; m < c.measures.size(); ++m) {
        nlohmann::json row = {{"stage", c.measures[m].stage}, {"name", c.measures[m].name}, {"unit", c.measures[m].unit}, {"arms", nlohmann::json::object()}};
        for (size_t a = 0; a < c.arms.size(); ++a) {
            const Cell& x = c.cells[m][a];
            row["arms"][c.arms[a]] = {{"n", x.n},
                                      {"mean", finite_or_null(x.mean)},
                                      {"sd", finite_or_null(x.sd)},
                                      {"difference", finite_or_null(x.difference)},
                                      {"z", finite_or_null(x.z)},
                                      {"effect_size", finite_or_null(x.effect)}};
        }
        out["measures"].push_back(row);
    }
    return json_text(out) + "\n";
}

}  // namespace respine
