// respine check: the same checks as run, without running.

#include <algorithm>
#include <iostream>

#include "analysis/calibrate/calibration_spec.hpp"
#include "analysis/infer/inference_spec.hpp"
#include "analysis/study/study_points.hpp"
#include "analysis/study/study_spec.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

struct CheckOptions {
    std::vector<std::string> scenarios, set;
    std::string schema;
    bool quiet = false;
};

void print_schema(const std::string& what) {
    nlohmann::json schema = schema_of(what == "study"         ? study_table()
                                      : what == "calibration" ? calibration_table()
                                      : what == "inference"   ? inference_table()
                                                              : scenario_table());
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["title"] = "respine " + what;
    std::cout << schema.dump(2) << "\n";
}

// Where a file or a name is found: a scenario, unless one of the others has the name.
std::string file_of(const std::string& name) {
    for (const char* kind : {"studies", "calibrations", "inferences", "hypotheses"}) {
        const std::vector<std::string> names = names_of(kind);
        if (std::find(names.begin(), names.end(), name) != names.end()) return find_config(kind, name, "");
    }
    return find_config("scenarios", name, "");
}

// The resolved scenario, or what the file of another kind would do.
std::string checked(const std::string& name, const Settings& settings, const CheckOptions& o) {
    const YamlDocument doc = load_yaml(file_of(name));
    const std::string kind = kind_of_file(doc.root);
    if (!settings.empty() &&
        (kind == "study" || kind == "calibration" || kind == "inference" || kind == "hypothesis"))
        fail(Exit::kUsage, "{}: error: --set has no meaning for a {}; write it into the file", doc.file,
             kind);
    if (kind == "study") {
        const StudySpec spec = read_study(doc);
        const std::vector<StudyPoint> points = points_of(spec, rows_of(spec));
        StudyRunner(spec, points, "").units();
        return fmt::format("{}: a study of {} points, {} outcomes\n", spec.name, points.size(),
                           spec.outcomes.size());
    }
    if (kind == "calibration") {
        const CalibrationSpec spec = read_calibration(doc);
        return fmt::format("{}: a calibration of {} parameters to {} targets\n", spec.name,
                           spec.parameters.size(), spec.targets.size());
    }
    if (kind == "inference") {
        const InferenceSpec spec = read_inference(doc, {});
        return fmt::format("{}: an inference of {} parameters from {} targets\n", spec.name,
                           spec.study.factors.size(), spec.targets.size());
    }
    if (kind == "hypothesis") {
        const Hypothesis rival = load_hypothesis(doc.file, "");
        for (const std::string& model : names_of("models"))
            if (model != "common") load_model(model, "", doc.file);
        return fmt::format("{}: a hypothesis, {} free numbers\n", rival.name, rival.free.size());
    }
    const Inputs inputs = load_inputs(read_scenario(doc, settings));
    if (!o.quiet)
        for (const std::string& note : inputs.scenario.notes)
            fmt::print(stderr, "{}: note: {}\n", inputs.scenario.name, note);
    return resolved_yaml(inputs.scenario) + (o.scenarios.size() > 1 ? "---\n" : "");
}

}  // namespace

void add_check(CLI::App& app, int&) {
    const auto o = std::make_shared<CheckOptions>();
    app.add_option("scenario", o->scenarios,
                   "files or names of scenarios, studies, calibrations, inferences or hypotheses");
    app.add_option("--set", o->set, "path=value, as for run");
    app.add_option(
           "--schema", o->schema,
           "print the JSON Schema (draft-07) of a scenario, study, calibration or inference; without a "
           "word, of a scenario")
        ->expected(0, 1)
        ->default_str("scenario")
        ->check(CLI::IsMember({"scenario", "study", "calibration", "inference"}));
    app.add_flag("-q,--quiet", o->quiet, "print nothing when all is well");
    app.callback([o] {
        if (!o->schema.empty()) return print_schema(o->schema);
        if (o->scenarios.empty())
            fail(Exit::kUsage,
                 "respine check: name a scenario, a study, a calibration, an inference or a hypothesis, or "
                 "--schema");
        Settings settings;
        for (const std::string& text : o->set) settings.push_back(parse_setting(text));
        std::string messages;
        for (const std::string& name : o->scenarios) {
            try {
                const std::string text = checked(name, settings, *o);
                if (!o->quiet) std::cout << text;
            } catch (const Error& e) {
                if (e.code() != Exit::kUsage && e.code() != Exit::kInput) throw;
                messages += (messages.empty() ? "" : "\n") + std::string(e.what());
            }
        }
        if (!messages.empty()) throw Error(Exit::kUsage, messages);
    });
}

}  // namespace respine
