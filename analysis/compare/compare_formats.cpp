// A comparison for other programs: CSV and JSON.

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/compare/compare.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

std::string field(double v) { return std::isfinite(v) ? fmt::format("{:.9g}", v) : std::string(); }

nlohmann::json band_json(const std::array<double, 5>& band) {
    nlohmann::json out = nlohmann::json::array();
    for (const double q : band) out.push_back(finite_or_null(q));
    return out;
}

}  // namespace

std::string as_csv(const Comparison& c) {
    std::string out = "stage,measure,unit,dose,arm,n,mean,sd,difference,ci95_low,ci95_high,t,df,effect_size";
    if (c.ensemble)
        for (const char* of : {"", "difference_"})
            for (const char* share : {"q05", "q25", "q50", "q75", "q95"})
                out += fmt::format(",{}{}", of, share);
    out += "\n";
    for (size_t m = 0; m < c.rows.size(); ++m)
        for (size_t a = 0; a < c.arms.size(); ++a) {
            const Cell& x = c.cells[m][a];
            out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}", csv_text(c.rows[m].stage),
                               csv_text(c.rows[m].name), csv_text(c.rows[m].unit), c.rows[m].dose + 1,
                               csv_text(c.arms[a]), x.n, field(x.mean), field(x.sd), field(x.difference),
                               field(x.low), field(x.high), field(x.t), x.df, field(x.effect));
            if (c.ensemble)
                for (const auto* band : {&x.band, &x.difference_band})
                    for (const double q : *band) out += "," + field(q);
            out += "\n";
        }
    return out;
}

std::string as_json(const Comparison& c) {
    nlohmann::json out = {
        {"reference", c.reference}, {"arms", c.arms}, {"measures", nlohmann::json::array()}};
    for (size_t m = 0; m < c.rows.size(); ++m) {
        const CompareRow& measure = c.rows[m];
        nlohmann::json row = {{"stage", measure.stage},
                              {"name", measure.name},
                              {"unit", measure.unit},
                              {"dose", measure.dose + 1},
                              {"arms", nlohmann::json::object()}};
        for (size_t a = 0; a < c.arms.size(); ++a) {
            const Cell& x = c.cells[m][a];
            row["arms"][c.arms[a]] = {{"n", x.n},
                                      {"mean", finite_or_null(x.mean)},
                                      {"sd", finite_or_null(x.sd)},
                                      {"difference", finite_or_null(x.difference)},
                                      {"ci95", {finite_or_null(x.low), finite_or_null(x.high)}},
                                      {"t", finite_or_null(x.t)},
                                      {"df", x.df},
                                      {"effect_size", finite_or_null(x.effect)}};
            if (!c.ensemble) continue;
            row["arms"][c.arms[a]]["band"] = band_json(x.band);
            row["arms"][c.arms[a]]["difference_band"] = band_json(x.difference_band);
        }
        out["measures"].push_back(row);
    }
    return json_text(out) + "\n";
}

}  // namespace respine
