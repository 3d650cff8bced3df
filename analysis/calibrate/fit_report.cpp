#include "analysis/calibrate/fit_report.hpp"

#include <cmath>

#include "sim/system/quoting.hpp"

namespace respine {

namespace {

constexpr double kAtBound = 1e-3;  // share of the range

double move_of(const FitReport& r, size_t k) {
    const FitParameter& p = r.spec.parameters[k];
    return share_of(p, r.fit.best.parameters[k]) - share_of(p, r.fit.start.parameters[k]);
}

const char* bound_of(const FitReport& r, size_t k) {
    const double share = share_of(r.spec.parameters[k], r.fit.best.parameters[k]);
    return share <= kAtBound ? "low" : share >= 1.0 - kAtBound ? "high" : "";
}

std::string number(double v) { return std::isfinite(v) ? fmt::format("{:.4g}", v) : "-"; }

std::string band_of(const TargetRow& row) {
    return std::isfinite(row.low) ? fmt::format("[{:g}, {:g}]", row.low, row.high) : row.kind;
}

std::string targets_text(const std::vector<TargetRow>& rows, const Evaluation& before,
                         const Evaluation& after) {
    std::string text;
    for (size_t k = 0; k < rows.size(); ++k)
        text += fmt::format("{:<24} {:>9} {:>18} {:>11} {:>11} {:>11} {:>11}  {}\n", rows[k].id,
                            number(rows[k].value), band_of(rows[k]), number(before.simulated[k]),
                            number(after.simulated[k]), number(before.loss[k]), number(after.loss[k]),
                            rows[k].unit);
    return text + fmt::format("{:<24} {:>9} {:>18} {:>11} {:>11} {:>11} {:>11}\n", "total", "", "", "", "",
                              number(before.total), number(after.total));
}

nlohmann::json targets_json(const std::vector<TargetRow>& rows, const Evaluation& before,
                            const Evaluation& after) {
    nlohmann::json all = nlohmann::json::array();
    for (size_t k = 0; k < rows.size(); ++k)
        all.push_back({{"id", rows[k].id},
                       {"kind", rows[k].kind},
                       {"value", finite_or_null(rows[k].value)},
                       {"low", finite_or_null(rows[k].low)},
                       {"high", finite_or_null(rows[k].high)},
                       {"unit", rows[k].unit},
                       {"simulated_before", finite_or_null(before.simulated[k])},
                       {"simulated_after", finite_or_null(after.simulated[k])},
                       {"loss_before", finite_or_null(before.loss[k])},
                       {"loss_after", finite_or_null(after.loss[k])}});
    return all;
}

std::string set_options(const FitReport& r) {
    std::string text;
    for (size_t k = 0; k < r.spec.parameters.size(); ++k) {
        const auto [path, value] = setting_of(r.spec.parameters[k], r.fit.best.parameters[k]);
        text += value.find(' ') == std::string::npos ? fmt::format(" --set {}={}", path, value)
                                                     : fmt::format(" --set \"{}={}\"", path, value);
    }
    return text;
}

}  // namespace

std::string as_text(const FitReport& r) {
    std::string text =
        fmt::format("{}: {}\n\n{:<32} {:>11} {:>11} {:<8} {:>18} {:>8} {}\n", r.spec.name, r.spec.title,
                    "parameter", "start", "best", "unit", "range", "move", "at a bound");
    for (size_t k = 0; k < r.spec.parameters.size(); ++k) {
        const FitParameter& p = r.spec.parameters[k];
        text +=
            fmt::format("{:<32} {:>11.6g} {:>11.6g} {:<8} {:>18} {:>6.1f} % {}\n", p.path,
                        r.fit.start.parameters[k], r.fit.best.parameters[k], p.unit,
                        fmt::format("[{:g}, {:g}]", p.low, p.high), 100.0 * move_of(r, k), bound_of(r, k));
    }
    const std::string head =
        fmt::format("{:>9} {:>18} {:>11} {:>11} {:>11} {:>11}  {}\n", "wanted", "accepted", "sim. before",
                    "sim. after", "loss before", "loss after", "unit");
    text +=
        fmt::format("\n{:<24} {}{}", "fitted", head, targets_text(r.spec.targets, r.fit.start, r.fit.best));
    if (!r.spec.held_back.empty())
        text += fmt::format("\n{:<24} {}{}", "held back", head,
                            targets_text(r.spec.held_back, r.held_before, r.held_after));
    text += fmt::format("\nevaluations: {} now, in {:.0f} s; {} known from before", r.evaluated, r.seconds,
                        r.known);
    if (r.failed) text += fmt::format("; in {} a run failed or a target had no value", r.failed);
    return text + fmt::format(
                      "\n{} holds the best point as an overrides block: put it at the end of a scenario "
                      "file, or\n  respine run SCENARIO{}\n",
                      r.best_file, set_options(r));
}

nlohmann::json as_json(const FitReport& r) {
    nlohmann::json parameters = nlohmann::json::array();
    for (size_t k = 0; k < r.spec.parameters.size(); ++k) {
        const FitParameter& p = r.spec.parameters[k];
        parameters.push_back({{"path", p.path},
                              {"unit", p.unit},
                              {"low", p.low},
                              {"high", p.high},
                              {"start", r.fit.start.parameters[k]},
                              {"best", r.fit.best.parameters[k]},
                              {"move", move_of(r, k)},
                              {"at_bound", bound_of(r, k)}});
    }
    nlohmann::json all = {{"name", r.spec.name},
                          {"title", r.spec.title},
                          {"parameters", parameters},
                          {"targets", targets_json(r.spec.targets, r.fit.start, r.fit.best)},
                          {"total_before", r.fit.start.total},
                          {"total_after", r.fit.best.total},
                          {"held_back", nlohmann::json::array()},
                          {"evaluated", r.evaluated},
                          {"known", r.known},
                          {"failed", r.failed},
                          {"seconds", r.seconds},
                          {"best_file", r.best_file}};
    if (!r.spec.held_back.empty())
        all["held_back"] = targets_json(r.spec.held_back, r.held_before, r.held_after);
    return all;
}

std::string best_yaml(const FitReport& r) {
    std::string text = fmt::format(
        "# respine calibrate {}: best of {} evaluations, total loss {:.6g} (at the start {:.6g})\n",
        r.spec.name, r.evaluated + r.known, r.fit.best.total, r.fit.start.total);
    text += "# Put this block at the end of a scenario file, or: respine run SCENARIO" + set_options(r) +
            "\noverrides:\n";
    for (size_t k = 0; k < r.spec.parameters.size(); ++k) {
        const auto [path, value] = setting_of(r.spec.parameters[k], r.fit.best.parameters[k]);
        text += fmt::format("  {}: {}\n", path, value);
    }
    return text;
}

}  // namespace respine
