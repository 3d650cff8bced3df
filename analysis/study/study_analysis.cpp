// analysis.json: what the results of a study say, by the kind of its design.

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/design/indices.hpp"
#include "analysis/study/study_table.hpp"
#include "analysis/validate/targets.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kFewestForCurve = 5;

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
        const Convergence c = convergence_of(s);
        out = {{"blocks", s.used},
               {"dropped", s.dropped},
               {"sobol", list},
               {"convergence",
                {{"half_width", finite_or_null<Json>(c.half_width)},
                 {"parameter", t.spec.factors[c.parameter].key},
                 {"wanted", kWantedHalfWidth},
                 {"blocks", finite_or_null<Json>(c.blocks)}}}};
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
            if (t.spec.outcomes[o].arm() == t.spec.arms[arm].name) continue;  // nothing but zeros
            const std::vector<std::vector<double>> by_row = t.by_row(arm, o);
            std::vector<double> mean;
            for (const auto& values : by_row) mean.push_back(mean_of(values));
            const Noise noise = separate_noise(by_row);
            Json entry = {{"outcome", t.spec.outcomes[o].name},
                          {"unit", t.units[o]},
                          {"take", t.spec.outcomes[o].measure.take->name},
                          {"arm", t.spec.arms[arm].name},
                          {"seed_sd", finite_or_null<Json>(noise.seed_sd)},
                          {"parameter_sd", finite_or_null<Json>(noise.parameter_sd)}};
            entry.update(indices_of(t, mean));
            if (const OutcomeSpec& own = t.spec.outcomes[o]; !own.course.empty())
                entry.update({{"course", own.course}, {"hours", own.measure.time.from}});
            if (t.spec.cohort > 0) entry["groups"] = subjects_of(t, arm, by_row);
            outcomes.push_back(std::move(entry));
        }
    Json parameters = Json::array(), arms = Json::array();
    for (const auto& arm : t.spec.arms) arms.push_back({{"name", arm.name}, {"scenario", arm.scenario}});
    for (const Factor& f : t.spec.factors)
        parameters.push_back({{"key", f.key}, {"label", f.label}, {"unit", f.unit}});
    return json_text(Json{{"format", kAnalysisFormat},
                          {"format_version", kAnalysisVersion},
                          {"study", t.spec.name},
                          {"title", t.spec.title},
                          {"arms", arms},
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

}  // namespace respine
