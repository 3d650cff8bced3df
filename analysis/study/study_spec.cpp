#include "analysis/study/study_spec.hpp"

#include "analysis/study/study_keys.hpp"

namespace respine {

std::string Factor::text_at(double u) const { return setting_text(quantile(law, low, high, u), unit); }

std::string StudySpec::kind_name() const { return row_of(kind).name; }

std::vector<std::string> StudySpec::definitions() const {
    std::vector<std::string> out;
    for (const OutcomeSpec& o : outcomes) out.push_back(text_of(o.measure));
    return out;
}

Settings StudySpec::settings_of(const Arm& arm, const Settings& parameters) const {
    Settings out = common;
    out.insert(out.end(), parameters.begin(), parameters.end());
    out.insert(out.end(), arm.settings.begin(), arm.settings.end());
    return out;
}

Settings StudyPoint::settings(const StudySpec& spec) const {
    Settings parameters;
    for (size_t k = 0; k < values.size(); ++k) parameters.emplace_back(spec.factors[k].key, values[k]);
    if (!spec.members.empty())  // the design moves what it moves under every member
        parameters.insert(parameters.begin(), spec.members[member].begin(), spec.members[member].end());
    Settings out = spec.settings_of(spec.arms[arm], parameters);
    out.emplace_back("seed", std::to_string(seed(spec)));
    if (subject > 0) out.emplace_back("subject", std::to_string(subject));
    return out;
}

namespace {

using TextRows = std::vector<std::vector<std::string>>;

TextRows grid_of(const StudySpec& spec) {
    TextRows rows;
    std::vector<u32> counts;
    for (const Factor& f : spec.factors) counts.push_back(static_cast<u32>(f.values.size()));
    for (const auto& places : full_factorial(counts)) {
        rows.emplace_back();
        for (size_t f = 0; f < spec.factors.size(); ++f)
            rows.back().push_back(spec.factors[f].values[places[f]]);
    }
    return rows;
}

TextRows list_of(const StudySpec& spec) {
    TextRows rows;
    for (size_t p = 0; p < spec.factors[0].values.size(); ++p) {
        rows.emplace_back();
        for (const Factor& f : spec.factors) rows.back().push_back(f.values[p]);
    }
    return rows;
}

TextRows one_at_a_time(const StudySpec& spec) {
    std::vector<std::string> base;
    for (const Factor& f : spec.factors) base.push_back(f.base);
    TextRows rows = {base};
    for (size_t f = 0; f < spec.factors.size(); ++f)
        for (const std::string& value : spec.factors[f].values) {
            if (value == base[f]) continue;
            rows.push_back(base);
            rows.back()[f] = value;
        }
    return rows;
}

StudyRows drawn(const StudySpec& spec, UnitDesign unit) {
    StudyRows rows{{}, std::move(unit)};
    for (const auto& u : rows.unit.rows) {
        rows.values.emplace_back();
        for (size_t f = 0; f < spec.factors.size(); ++f)
            rows.values.back().push_back(spec.factors[f].text_at(u[f]));
    }
    return rows;
}

}  // namespace

StudyRows rows_of(const StudySpec& spec) {
    const size_t k = spec.factors.size();
    switch (spec.kind) {
        case DesignKind::kGrid:
            return {grid_of(spec), {}};
        case DesignKind::kList:
            return {list_of(spec), {}};
        case DesignKind::kOat:
            return {one_at_a_time(spec), {}};
        case DesignKind::kRandom:
            return drawn(spec, random_design(k, spec.points, spec.design_seed));
        case DesignKind::kLhs:
            return drawn(spec, latin_hypercube(k, spec.points, spec.design_seed));
        case DesignKind::kMorris:
            return drawn(spec, morris_design(k, spec.points, spec.levels, spec.design_seed));
        case DesignKind::kSobol:
            return drawn(spec, saltelli_design(k, spec.points, spec.design_seed));
    }
    return {};
}

std::vector<StudyPoint> points_of(const StudySpec& spec, const StudyRows& rows) {
    std::vector<StudyPoint> points;
    for (u32 row = 0; row < rows.values.size(); ++row)
        for (u32 arm = 0; arm < spec.arms.size(); ++arm)
            for (u32 m = 0; m < std::max<size_t>(1, spec.members.size()); ++m)
                for (u32 r = 0; r < spec.replicates; ++r)
                    for (u32 s = spec.cohort > 0 ? 1 : 0; s <= spec.cohort; ++s)
                        points.push_back(
                            {static_cast<u32>(points.size()), row, arm, m, r, s, rows.values[row]});
    return points;
}

}  // namespace respine
