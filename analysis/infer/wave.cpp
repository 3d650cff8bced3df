#include "analysis/infer/wave.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/rivals/evidence.hpp"
#include "analysis/study/study_keys.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

constexpr u64 kSeedsOfWave = 1000000;  // a wave has fewer points

// The mean, and that of the reference of rows that compare; NaN where a run has failed or holds no value.
TargetResult result_of(const StudyTable& t, const TargetRow& row, const TargetReads& reads, u32 design_row) {
    const auto at = [&](u32 arm, size_t outcome) {
        return t.value(design_row * static_cast<u32>(t.spec.arms.size()) + arm, outcome);
    };
    TargetResult r;
    r.row = row;
    r.mean = at(reads.arm, reads.outcome);
    if (reads.over_reference) {
        r.mean -= at(reads.reference, reads.outcome);
        if (reads.share) r.mean /= at(reads.arm, *reads.share) - at(reads.reference, *reads.share);
    }
    if (row.compares()) r.reference_mean = reads.has_reference ? at(reads.reference, reads.outcome) : NAN;
    return r;
}

}  // namespace

UnitPoints first_points(const InferenceSpec& spec) {
    return latin_hypercube(spec.study.factors.size(), spec.points, spec.seed).rows;
}

UnitPoints drawn_points(const InferenceSpec& spec, u32 count) {
    return random_design(spec.study.factors.size(), count, spec.seed + 1).rows;
}

void write_points(const std::string& path, const InferenceSpec& spec, const UnitPoints& points) {
    std::string text;
    for (const Factor& f : spec.study.factors) text += (text.empty() ? "" : ",") + f.key;
    for (const auto& point : points) {
        std::string line;
        for (const double u : point) line += (line.empty() ? "\n" : ",") + fmt::format("{:.17g}", u);
        text += line;
    }
    write_text(path, text + "\n");
}

UnitPoints read_points(const std::string& path, const InferenceSpec& spec) {
    std::istringstream in(read_bytes(path));
    UnitPoints points;
    std::string line;
    next_line(in, line);
    for (size_t row = 2; next_line(in, line); ++row) {
        auto& point = points.emplace_back();
        for (const std::string& cell : cells_of(line)) {
            const auto u = parse_number(cell);
            if (!u || !(*u > 0.0 && *u < 1.0))
                fail(Exit::kInput, "{}:{}: error: '{}' does not lie between 0 and 1", path, row, cell);
            point.push_back(*u);
        }
        if (point.size() != spec.study.factors.size())
            fail(Exit::kInput, "{}:{}: error: {} cells are needed, got {}", path, row,
                 spec.study.factors.size(), point.size());
    }
    return points;
}

StudySpec study_of_wave(const InferenceSpec& spec, const std::string& name, u32 wave,
                        const UnitPoints& points) {
    StudySpec study = spec.study;
    study.name = fmt::format("{}: wave {}", spec.name, name);
    study.kind = DesignKind::kList;
    study.first_seed = 1 + spec.seed * 100 * kSeedsOfWave + wave * kSeedsOfWave;
    for (size_t f = 0; f < study.factors.size(); ++f) {
        for (const auto& point : points)
            study.factors[f].values.push_back(spec.study.factors[f].text_at(point[f]));
        for (size_t k = 0; wave <= spec.waves && k < std::min<size_t>(spec.repeats, points.size()); ++k)
            study.factors[f].values.push_back(study.factors[f].values[k]);
    }
    return study;
}

std::string values_csv(const InferenceSpec& spec, const StudyTable& t, const UnitPoints& points) {
    std::string text = "set";
    for (const TargetRow& row : spec.targets)
        text += "," + csv_text(row.id) + (row.compares() ? "," + csv_text(row.id + ":reference") : "") + "," +
                csv_text(row.id + ":z");
    const auto rows = static_cast<u32>(t.rows.values.size());
    for (u32 r = 0; r < rows; ++r) {
        text += fmt::format("\n{}", r < points.size() ? r : r - points.size());
        for (size_t k = 0; k < spec.targets.size(); ++k) {
            const TargetResult v = result_of(t, spec.targets[k], spec.reads[k], r);
            text += "," + csv_number(v.mean);
            if (v.row.compares()) text += "," + csv_number(v.reference_mean);
            text += "," + csv_number(standardised(v));
        }
    }
    return text + "\n";
}

std::string plan_json(const InferenceSpec& spec) {
    using Json = nlohmann::ordered_json;
    Json parameters = Json::array(), targets = Json::array();
    for (const Factor& f : spec.study.factors) {
        const auto law = std::find_if(std::begin(kPriors), std::end(kPriors),
                                      [&](const auto& l) { return l.second == f.law; });
        parameters.push_back({{"key", f.key},
                              {"label", f.label},
                              {"unit", f.unit},
                              {"law", law->first},
                              {"low", f.low},
                              {"high", f.high}});
    }
    for (const TargetRow& r : spec.targets)
        targets.push_back({{"id", r.id},
                           {"scenario", r.scenario},
                           {"reference", r.reference},
                           {"what", r.what},
                           {"kind", r.kind},
                           {"value", finite_or_null(r.value)},
                           {"low", finite_or_null(r.low)},
                           {"high", finite_or_null(r.high)},
                           {"unit", r.unit},
                           {"study", r.doi.empty() ? r.source : r.doi},
                           {"source", r.source},
                           {"evidence", r.evidence}});
    const Json plan = {{"name", spec.name},
                       {"title", spec.title},
                       {"specification", spec.text},
                       {"program", version_text()},
                       {"seed", spec.seed},
                       {"waves", spec.waves},
                       {"points", spec.points},
                       {"repeats", spec.repeats},
                       {"study_error", spec.study_error},
                       {"row_error", spec.row_error},
                       {"walkers", spec.walkers},
                       {"steps", spec.steps},
                       {"members", spec.members},
                       {"scenarios", spec.study.arms.size()},
                       {"parameters", parameters},
                       {"targets", targets}};
    return plan.dump(1) + "\n";
}

}  // namespace respine
