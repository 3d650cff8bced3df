// respine infer --design: the members of a posterior through every experiment that a laboratory could do.

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "analysis/rivals/rival_plan.hpp"
#include "sim/cli/infer.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/jobs/ensemble.hpp"
#include "sim/jobs/python.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

constexpr int kMembers = 60;

// What is run and how it is read, for the script.
struct Experiments {
    StudySpec study;
    nlohmann::ordered_json plan;
};

void add_arm(StudySpec& study, const std::string& scenario) {
    for (const Arm& a : study.arms)
        if (a.name == scenario) return;
    study.arms.push_back({scenario, scenario, {}});
}

std::string species_of(const std::string& scenario) {
    const Scenario s = load_scenario(scenario, {});
    return load_model(s.model, s.file).species;
}

Experiments experiments_of(const Inference& inference, const TargetRow& row, const TargetReads& reads) {
    Experiments e{.study = inference.spec.study, .plan = {}};
    e.study.name = inference.spec.name + ": experiments";
    e.study.factors.clear();
    e.study.kind = DesignKind::kGrid;
    e.study.own_seeds = false;
    const std::string own = species_of(row.scenario);
    Measure measure = inference.spec.study.outcomes[reads.outcome].measure;
    const bool against_run = measure.against.partner == Partner::kRun || reads.over_reference;
    if (against_run && (measure.against.mode != Mode::kDifference || reads.share))
        fail(Exit::kUsage,
             "--design: '{}' is a ratio of two runs; take a target that is a value or a difference", row.id);
    if (measure.against.partner == Partner::kRun) measure.against = {};  // the script takes the difference
    e.study.outcomes = {{row.id, measure}};
    e.study.arms = {{row.scenario, row.scenario, {}}};  // first: drug-free arms are read in its window
    if (against_run) add_arm(e.study, row.reference);
    e.plan["prediction"] = {{"id", row.id},
                            {"what", row.what},
                            {"scenario", row.scenario},
                            {"reference", against_run ? row.reference : ""},
                            {"unit", row.unit}};
    e.plan["experiments"] = nlohmann::ordered_json::array();
    const std::vector<Readout> readouts = read_readouts(config_folder() + "/reference/readouts.csv");
    for (const Trial& t : arms_of({})) {
        if (t.species != own && (t.species == "human" || own == "human")) continue;
        add_arm(e.study, t.scenario);
        add_arm(e.study, t.vehicle);
        for (const Readout& r : readouts) {
            if (!r.is_for(t.species)) continue;
            for (const std::string& time : r.times) {
                const std::string name = r.quantity + " at " + time;
                e.plan["experiments"].push_back({{"scenario", t.scenario},
                                                 {"title", t.title},
                                                 {"vehicle", t.vehicle},
                                                 {"readout", r.name},
                                                 {"time", time},
                                                 {"outcome", name},
                                                 {"spread", r.spread},
                                                 {"relative", r.relative}});
                const bool there = std::any_of(e.study.outcomes.begin(), e.study.outcomes.end(),
                                               [&](const OutcomeSpec& o) { return o.name == name; });
                if (!there)
                    e.study.outcomes.push_back({name, parse_measure({r.quantity, "at", time, ""},
                                                                    {.series = {}, .runs = {}, .live = true},
                                                                    [](const char*, const std::string&) {})});
            }
        }
    }
    return e;
}

}  // namespace

void run_design(const InferOptions& o, const Inference& inference) {
    const std::string posterior = inference.file("posterior.h5");
    if (!fs::exists(posterior))
        fail(Exit::kInput, "{}: error: is not there; run the inference first, without --design", posterior);
    const auto& targets = inference.spec.targets;
    std::vector<std::string> ids;
    for (const TargetRow& r : targets) ids.push_back(r.id);
    const auto found = std::find(ids.begin(), ids.end(), o.design);
    if (found == ids.end())
        fail(Exit::kUsage, "--design: '{}' is no target of this inference{}", o.design,
             suggestion(o.design, ids));
    const auto k = static_cast<size_t>(found - ids.begin());
    Experiments e = experiments_of(inference, targets[k], inference.spec.reads[k]);
    const Ensemble ensemble = load_ensemble(posterior, o.members > 0 ? o.members : kMembers);
    for (size_t m = 0; m < ensemble.size(); ++m) e.study.members.push_back(ensemble.settings(m));
    const std::string folder = inference.file("design-" + o.design);
    Study study(std::move(e.study), folder);
    if (!run_whole(o, study, shard_of(o.shard))) return;
    write_text(folder + "/experiments.json", json_text(nlohmann::json::parse(e.plan.dump())) + "\n");
    run_python(kStatistics, {"design", folder}, "The runs stand.");
    std::cout << read_bytes(folder + (o.json ? "/design.json" : "/design.txt"));
}

}  // namespace respine
