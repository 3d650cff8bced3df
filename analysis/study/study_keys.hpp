// The tables behind the specification of a study: kinds of design, laws, and the keys of its parts, and how
// the parts are read.
#pragma once

#include <algorithm>
#include <iterator>

#include "analysis/study/study_spec.hpp"
#include "sim/io/yaml/model_yaml.hpp"

namespace respine {

struct KindRow {
    const char* name;
    DesignKind kind;
    bool listed;       // wants `values`, not a law
    const char* size;  // key of its size in `design`
};
inline constexpr KindRow kKinds[] = {
    {"grid", DesignKind::kGrid, true, ""},
    {"list", DesignKind::kList, true, ""},
    {"oat", DesignKind::kOat, true, ""},
    {"random", DesignKind::kRandom, false, "points"},
    {"lhs", DesignKind::kLhs, false, "points"},
    {"morris", DesignKind::kMorris, false, "trajectories"},
    {"sobol", DesignKind::kSobol, false, "blocks"},
};

inline const KindRow& row_of(DesignKind kind) {
    return *std::find_if(std::begin(kKinds), std::end(kKinds),
                         [&](const KindRow& r) { return r.kind == kind; });
}

inline constexpr std::pair<const char*, Prior> kPriors[] = {{"uniform", Prior::kUniform},
                                                            {"log_uniform", Prior::kLogUniform},
                                                            {"normal", Prior::kNormal},
                                                            {"log_normal", Prior::kLogNormal}};

const Table& arm_table();
const Table& factor_table();
const Table& outcome_table();

// A specification while it is read. Every problem is collected here, with its place.
struct StudyDraft {
    const YamlDocument& doc;
    Problems problems{};
    StudySpec spec{};
    std::vector<ParameterRow> parameters{};
    Model model{};  // of the first arm: units and ranges of belief

    Place at(const YAML::Node& node) const { return place_of(node, doc.file, ""); }
    void refuse_seed(const YAML::Node& key, const std::string& path);
    Settings settings_in(const YAML::Node& map, const std::string& path);  // {path: value}, as for --set
};

// Adds one to the draft, whose arms are known.
void read_factor(StudyDraft& draft, const YAML::Node& node, const std::string& path);
void read_outcome(StudyDraft& draft, const YAML::Node& node, const std::string& path);

}  // namespace respine
