// The results of a study as files: CSV, HDF5, JSON.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/study/indices.hpp"
#include "analysis/study/study_table.hpp"
#include "analysis/validate/targets.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/model/units.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kStudyVersion = 1;
constexpr size_t kFewestForCurve = 5;

std::string header(const std::string& name, const std::string& unit) {
    return csv_text(unit.empty() || unit == "1" ? name : name + " [" + unit + "]");
}

// A value as written, in the factor's unit; NaN for words.
double number_of(const Factor& f, const std::string& text) {
    if (f.unit.empty()) return kNaN;
    const auto q = parse_quantity(text);
    if (!q) return kNaN;
    if (q->unit == f.unit) return q->value;
    return convert(*q, f.unit).value_or(kNaN);
}

std::string status_of(const std::optional<PointRecord>& record) {
    return !record ? "missing" : record->ok ? "ok" : "failed";
}

std::string as_csv(const StudyTable& t) {
    std::string text = "point,arm,replicate,seed,subject";
    for (const Factor& f : t.spec.factors) text += "," + header(f.key, f.unit);
    for (size_t o = 0; o < t.spec.outcomes.size(); ++o)
        text += "," + header(t.spec.outcomes[o].name, t.units[o]);
    text += ",status,message,id\n";
    for (const StudyPoint& p : t.points) {
        text += fmt::format("{},{},{},{},{}", p.number, csv_text(t.spec.arms[p.arm].name), p.replicate,
                            p.seed(t.spec), p.subject);
        for (size_t f = 0; f < t.spec.factors.size(); ++f) {
            const double v = number_of(t.spec.factors[f], p.values[f]);
            text += "," + (std::isfinite(v) ? csv_number(v) : csv_text(p.values[f]));
        }
        for (size_t o = 0; o < t.spec.outcomes.size(); ++o) text += "," + csv_number(t.value(p.number, o));
        const auto& record = t.records[p.number];
        text += "," + status_of(record) + "," + csv_text(record ? record->message : "") + "," +
                t.ids[p.number] + "\n";
    }
    return text;
}

void write_hdf5(const StudyTable& t, const std::string& path) {
    const std::string part = part_of(path);
    H5File file = H5File::create(part);
    file.set_attribute("/", "format", std::string("respine-study"));
    file.set_attribute("/", "format_version", static_cast<i64>(kStudyVersion));
    file.make_group("/meta");
    file.set_attribute("/meta", "name", t.spec.name);
    file.set_attribute("/meta", "title", t.spec.title);
    file.set_attribute("/meta", "specification", t.spec.text);
    file.set_attribute("/meta", "program", "respine " + version_text() + " " + revision_text());
    const hsize_t n = t.points.size();
    std::vector<u32> number, replicate, subject;
    std::vector<u64> seed;
    std::vector<u8> ok;
    std::vector<std::string> arm;
    for (const StudyPoint& p : t.points) {
        number.push_back(p.number);
        replicate.push_back(p.replicate);
        subject.push_back(p.subject);
        seed.push_back(p.seed(t.spec));
        arm.push_back(t.spec.arms[p.arm].name);
        ok.push_back(t.records[p.number] && t.records[p.number]->ok ? 1 : 0);
    }
    file.write_all<u32>("/study/point", number, {{n}, {}, false, {}}, {"1", "number of the run"}, true);
    const DatasetShape one{{n}, {"/study/point"}, false, {}};
    file.write_strings("/study/arm", arm, "/study/point", {"1", "arm"});
    file.write_strings("/study/id", t.ids, "/study/point",
                       {"1", "digest of resolved inputs, seed and program"});
    file.write_all<u32>("/study/replicate", replicate, one, {"1", "number of the replicate"});
    file.write_all<u32>("/study/subject", subject, one,
                        {"1", "number of the drawn subject, 0 for the typical one"});
    file.write_all<u64>("/study/seed", seed, one, {"1", "seed of the run"});
    file.write_all<u8>("/study/ok", ok, one, {"1", "1 when the run ended well"});
    for (size_t f = 0; f < t.spec.factors.size(); ++f) {
        const Factor& factor = t.spec.factors[f];
        std::vector<double> values;
        std::vector<std::string> words;
        for (const StudyPoint& p : t.points) {
            values.push_back(number_of(factor, p.values[f]));
            words.push_back(p.values[f]);
        }
        if (factor.unit.empty())
            file.write_strings("/parameters/" + factor.key, words, "/study/point", {"1", factor.label});
        else
            file.write_all<double>("/parameters/" + factor.key, values, one, {factor.unit, factor.label});
    }
    for (size_t o = 0; o < t.spec.outcomes.size(); ++o) {
        std::vector<double> values;
        for (const StudyPoint& p : t.points) values.push_back(t.value(p.number, o));
        file.write_all<double>("/outcomes/" + t.spec.outcomes[o].name, values, one,
                               {t.units[o], t.spec.outcomes[o].name});
    }
    file.close();
    give_name(path, true);  // no time of day: the same records make the same bits
}

// What SALib's samplers and analysers take.
Json problem_of(const StudySpec& spec) {
    Json names = Json::array(), bounds = Json::array(), laws = Json::array();
    for (const Factor& f : spec.factors) {
        names.push_back(f.key);
        const bool logarithmic = f.law == Prior::kLogUniform;
        const bool normal = f.law == Prior::kNormal || f.law == Prior::kLogNormal;
        const double low = f.law == Prior::kLogNormal ? std::log(f.low) : f.low,
                     high = f.law == Prior::kLogNormal ? std::log(f.high) : f.high;
        bounds.push_back(normal ? Json{0.5 * (low + high), (high - low) / 3.919927969080108}
                                : Json{f.low, f.high});
        laws.push_back(f.law == Prior::kLogNormal ? "lognorm"
                       : normal                   ? "norm"
                       : logarithmic              ? "logunif"
                                                  : "unif");
    }
    return {{"num_vars", spec.factors.size()}, {"names", names}, {"bounds", bounds}, {"dists", laws}};
}

Json as_json(const Interval& i) {
    return {{"value", finite_or_null<Json>(i.value)},
            {"low", finite_or_null<Json>(i.low)},
            {"high", finite_or_null<Json>(i.high)}};
}
Json as_json(const std::vector<double>& values) {
    Json list = Json::array();
    for (double v : values) list.push_back(finite_or_null<Json>(v));
    return list;
}

Json curve_of(const std::vector<double>& x, const std::vector<double>& y) {
    const HillFit fit = fit_hill(x, y);
    return {{"e0", fit.curve.e0},
            {"emax", fit.curve.emax},
            {"ec50", as_json(fit.ec50)},
            {"n", as_json(fit.n)},
            {"r2", finite_or_null<Json>(fit.r2)},
            {"x", as_json(fit.x)},
            {"middle", as_json(fit.middle)},
            {"low", as_json(fit.low)},
            {"high", as_json(fit.high)}};
}

// Curves along each numeric parameter, the others held at each of their combinations.
Json curves_of(const StudyTable& t, const std::vector<double>& mean) {
    Json curves = Json::array();
    for (size_t f = 0; f < t.spec.factors.size(); ++f) {
        if (t.spec.factors[f].unit.empty()) continue;
        std::map<std::vector<std::string>, std::pair<std::vector<double>, std::vector<double>>> lines;
        for (size_t row = 0; row < t.rows.values.size(); ++row) {
            std::vector<std::string> others = t.rows.values[row];
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(f));
            auto& [x, y] = lines[others];
            const double dose = number_of(t.spec.factors[f], t.rows.values[row][f]);
            if (!(dose > 0.0) || !std::isfinite(mean[row])) continue;
            x.push_back(dose);
            y.push_back(mean[row]);
        }
        for (const auto& [others, line] : lines)
            if (line.first.size() >= kFewestForCurve)
                curves.push_back({{"parameter", t.spec.factors[f].key},
                                  {"others", others},
                                  {"dose", as_json(line.first)},
                                  {"response", as_json(line.second)},
                                  {"hill", curve_of(line.first, line.second)}});
    }
    return curves;
}

Json indices_of(const StudyTable& t, const std::vector<double>& mean) {
    const size_t k = t.spec.factors.size();
    Json out, list = Json::array();
    if (t.spec.kind == DesignKind::kSobol) {
        const SobolIndices s = sobol_indices(k, mean);
        for (size_t f = 0; f < k; ++f)
            list.push_back({{"parameter", t.spec.factors[f].key},
                            {"S1", as_json(s.first[f])},
                            {"ST", as_json(s.total[f])}});
        out = {{"blocks", s.used}, {"dropped", s.dropped}, {"sobol", list}};
    } else if (t.spec.kind == DesignKind::kMorris) {
        const MorrisIndices m = morris_indices(t.rows.unit, mean);
        for (size_t f = 0; f < k; ++f)
            list.push_back({{"parameter", t.spec.factors[f].key},
                            {"mu", finite_or_null<Json>(m.mu[f])},
                            {"mu_star", as_json(m.mu_star[f])},
                            {"sigma", finite_or_null<Json>(m.sigma[f])}});
        out = {{"trajectories", m.used}, {"dropped", m.dropped}, {"morris", list}};
    } else if (t.spec.kind == DesignKind::kOat) {
        for (size_t row = 1; row < t.rows.values.size(); ++row)
            for (size_t f = 0; f < k; ++f)
                if (t.rows.values[row][f] != t.rows.values[0][f])
                    list.push_back({{"parameter", t.spec.factors[f].key},
                                    {"value", t.rows.values[row][f]},
                                    {"base", t.rows.values[0][f]},
                                    {"change", finite_or_null<Json>(mean[row] - mean[0])}});
        out = {{"base", finite_or_null<Json>(mean[0])}, {"oat", list}};
    } else {
        out = {{"curves", curves_of(t, mean)}};
    }
    return out;
}

// Linear between the values, which are sorted.
Json quantile_at(double q, const std::vector<double>& sorted) {
    if (sorted.empty()) return nullptr;
    const double place = q * static_cast<double>(sorted.size() - 1);
    const size_t k = static_cast<size_t>(place);
    return k + 1 < sorted.size() ? sorted[k] + (place - static_cast<double>(k)) * (sorted[k + 1] - sorted[k])
                                 : sorted[k];
}

// The subjects of each row: how they scatter, and how many have a value at all.
Json subjects_of(const StudyTable& t, u32 arm, std::vector<std::vector<double>> by_row) {
    std::vector<u32> ran(by_row.size());
    for (const StudyPoint& p : t.points)
        if (p.arm == arm && t.records[p.number] && t.records[p.number]->ok) ++ran[p.row];
    Json list = Json::array();
    for (size_t row = 0; row < by_row.size(); ++row) {
        std::vector<double>& values = by_row[row];
        std::sort(values.begin(), values.end());
        list.push_back({{"at", t.rows.values[row]},
                        {"subjects", ran[row]},
                        {"with_value", values.size()},
                        {"mean", finite_or_null<Json>(mean_of(values))},
                        {"standard_error", finite_or_null<Json>(standard_error(values))}});
        for (const double q : {0.05, 0.25, 0.5, 0.75, 0.95})
            list.back()[fmt::format("q{:02.0f}", 100 * q)] = quantile_at(q, values);
    }
    return list;
}

}  // namespace

std::string analysis_json(const StudyTable& t) {
    Json outcomes = Json::array();
    for (size_t o = 0; o < t.spec.outcomes.size(); ++o)
        for (u32 arm = 0; arm < t.spec.arms.size(); ++arm) {
            if (t.spec.outcomes[o].against == t.spec.arms[arm].name) continue;  // nothing but zeros
            const std::vector<std::vector<double>> by_row = t.by_row(arm, o);
            std::vector<double> mean;
            for (const auto& values : by_row) mean.push_back(mean_of(values));
            const Noise noise = separate_noise(by_row);
            Json entry = {{"outcome", t.spec.outcomes[o].name},
                          {"unit", t.units[o]},
                          {"take", name_of(t.spec.outcomes[o].take)},
                          {"arm", t.spec.arms[arm].name},
                          {"seed_sd", finite_or_null<Json>(noise.seed_sd)},
                          {"parameter_sd", finite_or_null<Json>(noise.parameter_sd)}};
            entry.update(indices_of(t, mean));
            if (t.spec.cohort > 0) entry["groups"] = subjects_of(t, arm, by_row);
            outcomes.push_back(std::move(entry));
        }
    Json parameters = Json::array();
    for (const Factor& f : t.spec.factors)
        parameters.push_back({{"key", f.key}, {"label", f.label}, {"unit", f.unit}});
    return json_text(Json{{"study", t.spec.name},
                          {"title", t.spec.title},
                          {"x", t.spec.x},
                          {"design", t.spec.kind_name()},
                          {"points", t.points.size()},
                          {"missing", t.missing()},
                          {"failed", t.failed()},
                          {"replicates", t.spec.replicates},
                          {"cohort", t.spec.cohort},
                          {"parameters", parameters},
                          {"inert", inert_parameters(t)},
                          {"results", outcomes}}) +
           "\n";
}

void write_results(const StudyTable& table, const std::string& folder) {
    write_text(folder + "/results.csv", as_csv(table));
    write_hdf5(table, folder + "/results.h5");
    write_text(folder + "/analysis.json", analysis_json(table));
    const bool sampled = !table.rows.unit.rows.empty();
    if (sampled) write_text(folder + "/problem.json", json_text(problem_of(table.spec)) + "\n");
}

}  // namespace respine
