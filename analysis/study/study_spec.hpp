// What a study is asked to do, read strictly from YAML: configs/studies holds examples.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/design/design.hpp"
#include "analysis/study/journal.hpp"
#include "analysis/study/outcomes.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

enum class DesignKind { kGrid, kList, kRandom, kLhs, kMorris, kSobol, kOat };

struct Factor {
    std::string key, label, unit;     // key as in --set; unit "1" for a plain number, "" for words
    std::vector<std::string> values;  // grid, list, oat: as written
    Prior law = Prior::kUniform;
    double low = 0.0, high = 0.0;  // in `unit`
    std::string base;              // oat: the value that the others are compared with

    std::string text_at(double u) const;  // the value at u of the law, as --set takes it
};

struct Arm {
    std::string name, scenario;
    Settings settings;  // applied last, so that a vehicle arm can take away the dose that a parameter has set
};

enum class Keep { kNone, kFailed, kAll };

struct StudySpec {
    std::string file, text, name, title, x;  // x: what stands on the horizontal axis of figures
    DesignKind kind = DesignKind::kGrid;
    u32 points = 0, levels = 4;  // random, lhs: points; morris: trajectories; sobol: blocks
    u64 design_seed = 1;
    Settings common;
    std::vector<Factor> factors;
    std::vector<Arm> arms;
    std::vector<OutcomeSpec> outcomes;
    // Cohort: drawn subjects of every point and replicate; 0: the typical subject alone.
    u32 replicates = 1, cohort = 0;
    u64 first_seed = 1;
    std::vector<Settings>
        members;             // parameter sets of an ensemble that every point runs under; empty for none
    bool own_seeds = false;  // of every row of the design; arms share them all the same
    Keep keep = Keep::kNone;
    // Series of the history that every point keeps, so that a new outcome is read off it without a run; "all"
    // for all of them.
    std::vector<std::string> histories;

    // Points of one row and arm; they stand together.
    size_t each() const {
        return std::max<size_t>(1, members.size()) * replicates * std::max<size_t>(1, cohort);
    }
    std::string kind_name() const;
    std::vector<std::string> definitions() const;  // of the outcomes

    // Of a run of this arm with these parameter settings.
    Settings settings_of(const Arm& arm, const Settings& parameters) const;
};

// One run. Its seed depends on the replicate alone, or on that and the row of the design, so that arms share
// their random numbers.
// Points whose inputs are the same in the end (a vehicle arm at every dose) are run once.
struct StudyPoint {
    u32 number = 0, row = 0, arm = 0, member = 0, replicate = 0,
        subject = 0;                  // subject: from 1 on in a cohort
    std::vector<std::string> values;  // by factor
    Settings settings(const StudySpec& spec) const;
    u64 seed(const StudySpec& spec) const {
        return spec.first_seed + replicate + (spec.own_seeds ? u64{row} * spec.replicates : 0);
    }
};

const Table& study_table();

// Reads a specification (a path, or a name in configs/studies). Throws Error(kUsage) with every problem.
StudySpec load_study(const std::string& name);
StudySpec read_study(const YamlDocument& document);

// Rows of the design as texts by factor; `unit` is filled for the designs that have coordinates.
struct StudyRows {
    std::vector<std::vector<std::string>> values;
    UnitDesign unit;
};
StudyRows rows_of(const StudySpec& spec);

// Row by row, in each arm by arm, in each member by member, and so on by replicate and subject.
std::vector<StudyPoint> points_of(const StudySpec& spec, const StudyRows& rows);

}  // namespace respine
