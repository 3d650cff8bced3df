// The comparison of rivals as JSON: for programs, and for the page.

#include <nlohmann/json.hpp>

#include "analysis/rivals/rival_table.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

nlohmann::json rival_json(const RivalTable& c, size_t h) {
    const Hypothesis& t = c.rivals[h].text;
    const Standing s = standing_of(c, h);
    return {{"name", t.name},           {"title", t.title}, {"claim", t.claim},
            {"reference", t.reference}, {"free", t.free},   {"pass", s.pass},
            {"miss", s.miss},           {"open", s.open},   {"log_density", s.density}};
}

nlohmann::json row_json(const RivalTable& c, size_t k) {
    const TargetRow& row = c.results.front()[k].row;
    nlohmann::json by_rival = nlohmann::json::array();
    for (size_t h = 0; h < c.rivals.size(); ++h)
        by_rival.push_back({{"verdict", verdict_text(c.results[h][k].verdict)},
                            {"mean", finite_or_null(c.scores[h][k].mean)},
                            {"error", finite_or_null(c.results[h][k].error)},
                            {"log_density", finite_or_null(c.scores[h][k].density)}});
    return {{"id", row.id},
            {"scenario", row.scenario},
            {"observable", row.what},
            {"kind", row.kind},
            {"unit", row.unit},
            {"source", row.source},
            {"aim", finite_or_null(c.scores.front()[k].aim)},
            {"spread", finite_or_null(c.scores.front()[k].spread)},
            {"separation", separation_of(c.of_row(k))},
            {"fitted", c.is_fitted(k)},
            {"counts", c.counts(k)},
            {"rivals", by_rival}};
}

nlohmann::json experiment_json(const Prediction& p) {
    nlohmann::json effects = nlohmann::json::array(), sds = nlohmann::json::array(),
                   noise = nlohmann::json::array();
    for (size_t h = 0; h < p.effect.size(); ++h) {
        effects.push_back(finite_or_null(p.effect[h]));
        sds.push_back(finite_or_null(p.sd[h]));
        noise.push_back(finite_or_null(p.noise[h]));
    }
    return {{"scenario", p.arm->scenario},
            {"title", p.arm->title},
            {"vehicle", p.arm->vehicle},
            {"readout", p.readout->name},
            {"quantity", p.readout->quantity},
            {"time", p.time},
            {"unit", p.unit},
            {"effect", effects},
            {"animal_sd", sds},
            {"seed_sd", noise}};
}

nlohmann::json best_json(const RivalTable& c, size_t a, size_t b) {
    const Prediction& p = *c.best(a, b);
    const double d = separation(p, a, b);
    return {{"a", c.rivals[a].text.name},
            {"b", c.rivals[b].text.name},
            {"scenario", p.arm->scenario},
            {"title", p.arm->title},
            {"readout", p.readout->name},
            {"time", p.time},
            {"unit", p.unit},
            {"effect_a", p.effect[a]},
            {"effect_b", p.effect[b]},
            {"separation", d},
            {"animals", animals(d)}};
}

}  // namespace

nlohmann::json as_json(const RivalTable& c) {
    nlohmann::json all;
    for (size_t h = 0; h < c.rivals.size(); ++h) all["rivals"].push_back(rival_json(c, h));
    for (size_t k = 0; k < c.rows(); ++k) all["rows"].push_back(row_json(c, k));
    for (const Prediction& p : c.predictions) all["experiments"].push_back(experiment_json(p));
    for (size_t a = 0; a < c.rivals.size(); ++a)
        for (size_t b = a + 1; b < c.rivals.size(); ++b)
            if (c.best(a, b)) all["best"].push_back(best_json(c, a, b));
    all["recovery"] = c.recovery;
    return all;
}

}  // namespace respine
