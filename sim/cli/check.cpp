// respine check: the same checks as run, without running.

#include <iostream>

#include "analysis/calibration_spec.hpp"
#include "analysis/study_spec.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/inputs.hpp"
#include "sim/io/scenario_yaml.hpp"

namespace respine {

namespace {

struct CheckOptions {
    std::vector<std::string> scenarios, set;
    std::string schema;
    bool quiet = false;
};

void print_schema(const std::string& what) {
    nlohmann::json schema = schema_of(what == "study" ? study_table() : what == "calibration" ? calibration_table() : scenario_table());
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["title"] = "respine " + what;
    std::cout << schema.dump(2) << "\n";
}

}  // namespace

void add_check(CLI::App& app, int&) {
    const auto o = std::make_shared<CheckOptions>();
    app.add_option("scenario", o->scenarios, "scenario files or names");
    app.add_option("--set", o->set, "path=value, as for run");
    app.add_option("--schema", o->schema, "print the JSON Schema (draft-07) of a scenario, study or calibration; without a word, of a scenario")
        ->expected(0, 1)
        ->default_str("scenario")
        ->check(CLI::IsMember({"scenario", "study", "calibration"}));
    app.add_flag("-q,--quiet", o->quiet, "print nothing when all is well");
    app.callback([o] {
        if (!o->schema.empty()) return print_schema(o->schema);
        if (o->scenarios.empty()) fail(Exit::kUsage, "respine check: name a scenario, or --schema");
        Settings settings;
        for (const std::string& text : o->set) settings.push_back(parse_setting(text));
        std::string messages;
        for (const std::string& name : o->scenarios) {
            try {
                const Scenario s = load_scenario(name, settings);
                load_inputs(s);
                if (!o->quiet) std::cout << resolved_yaml(s) << (o->scenarios.size() > 1 ? "---\n" : "");
            } catch (const Error& e) {
                if (e.code() != Exit::kUsage && e.code() != Exit::kInput) throw;
                messages += (messages.empty() ? "" : "\n") + std::string(e.what());
            }
        }
        if (!messages.empty()) throw Error(Exit::kUsage, messages);
    });
}

}  // namespace respine
