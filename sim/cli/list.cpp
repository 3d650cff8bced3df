// respine list: what there is to choose from.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "analysis/calibrate/calibration_spec.hpp"
#include "analysis/infer/inference_spec.hpp"
#include "analysis/study/study_spec.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/io/yaml/scenario_settings.hpp"
#include "sim/policy/policy.hpp"
#include "sim/state.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

const std::vector<std::string> kListed = {"drugs",      "scenarios",  "models",  "networks", "calibrations",
                                          "inferences", "hypotheses", "studies", "fields",   "observables",
                                          "takes",      "parameters", "numbers", "formulas"};

void list_drugs() {
    fmt::print("{:<22} {:<52} {:<18} {}\n", "drug", "title", "kinetics in", "targets");
    for (const std::string& name : names_of("drugs")) {
        const Drug d = load_drug(name, "");
        std::string species, targets = d.nmda ? "nmda" : "";
        for (const auto& [s, kinetics] : d.species) species += (species.empty() ? "" : " ") + s;
        for (size_t t = 0; t < kTargets; ++t)
            if (d.targets[t]) targets += (targets.empty() ? "" : " ") + std::string(kTargetNames[t]);
        fmt::print("{:<22} {:<52} {:<18} {}\n", name, d.title,
                   species.empty() ? std::string(word_of(Route::kWindow)) : species,
                   targets.empty() ? "none" : targets);
    }
}

// With ketamine; another drug has its own plasma and brain level.
Simulation small_simulation() {
    return Simulation(load_inputs(load_scenario(
        "human-iv-single", {{"network.neurons", "200"}, {"network.synapses_per_neuron", "20"}})));
}

// What formulas of policies, outcomes and mechanisms may use.
void list_formulas() {
    for (const FunctionRow& row : function_rows())
        fmt::print("{:<32} {:<10} {}\n", fmt::format("{}({})", row.name, row.arguments),
                   row.over_time ? "outcomes" : "all", row.doc);
    for (const ObservedRow& row : observed_rows())
        fmt::print("{:<32} {:<10} {} [{}]\n", row.name, "policies", row.doc, row.unit);
    const Simulation sim = small_simulation();
    for (const Quantity& q : readable_quantities(cast_of(sim), {}))
        fmt::print("{:<32} {:<10} {} [{}]{}\n", q.name, "mechanisms", q.long_name, q.unit,
                   q.scope == Scope::kSubject ? "" : ", of each neuron");
}

void list_parameters(const std::string& model_name) {
    Model model = load_model(model_name, "");
    fmt::print("{:<38} {:>12} {:<10} {:<20} {:<5} {}\n", "parameter", "value", "unit", "range", "mark",
               "meaning; reference");
    for (const ParameterRow& row : parameters_of(model)) {
        const Provenance& p = model.provenance.at(row.path);
        fmt::print("{:<38} {:>12.6g} {:<10} {:<20} {:<5} {}; {}\n", row.path, *row.value, row.unit,
                   fmt::format("[{:g}, {:g}]", p.low, p.high), p.mark, row.doc, p.reference);
    }
}

// Of a drug file or a network file, by the paths that `numbers` of a scenario and --set take.
void list_numbers(const std::string& of) {
    const std::vector<std::string> drugs = names_of("drugs");
    const bool drug =
        std::ranges::count(drugs, of) > 0 || (is_path(of) && kind_of_file(load_yaml(of).root) == "drug");
    const YamlDocument doc = load_yaml(find_config(drug ? "drugs" : "networks", of, ""));
    const std::string prefix =
        drug ? "drugs." + std::filesystem::path(doc.file).stem().string() : std::string("wiring");
    fmt::print("{:<76} {:<18} {:<26} {:<5} {}\n", "number", "value", "range", "mark", "reference");
    for (const FileNumber& n : numbers_in(doc.root, prefix))
        fmt::print("{:<76} {:<18} {:<26} {:<5} {}\n", n.path, n.value, n.range, n.mark, n.reference);
}

// Series of a run, then what else measures read.
void list_observables() {
    const Simulation sim = small_simulation();
    for (const Quantity& q : history_of(sim)) fmt::print("{:<24} {:<8} {}\n", q.name, q.unit, q.long_name);
    for (const QuantityRow& row : quantity_rows())
        fmt::print("{:<24} {:<8} {}\n", row.name.ends_with('_') ? row.name + "*" : row.name, row.unit,
                   row.doc);
}

// For shells that complete them, so without reading a file.
void list_names(const std::string& what) {
    if (what.empty())
        for (const std::string& kind : kListed) fmt::print("{}\n", kind);
    else
        for (const std::string& name : names_of(what)) fmt::print("{}\n", name);
}

}  // namespace

void add_list(CLI::App& app, int&) {
    const auto what = std::make_shared<std::string>();
    const auto model = std::make_shared<std::string>("human");
    const auto names = std::make_shared<bool>(false);
    app.add_option("what", *what, fmt::format("{}", fmt::join(kListed, ", ")))->check(CLI::IsMember(kListed));
    app.add_option("--model", *model, "with parameters: whose values");
    const auto of = std::make_shared<std::string>("ketamine");
    app.add_option("--of", *of, "with numbers: of which drug or network");
    app.add_flag("--names", *names, "the bare names of files; without a word, what can be listed");
    app.callback([what, model, names, of] {
        if (*names) return list_names(*what);
        if (what->empty()) throw CLI::RequiredError("what");
        if (*what == "drugs") return list_drugs();
        if (*what == "numbers") return list_numbers(*of);
        if (*what == "parameters") return list_parameters(*model);
        if (*what == "observables") return list_observables();
        if (*what == "formulas") return list_formulas();
        if (*what == "takes") {
            for (const TakeRow& row : take_rows()) fmt::print("{:<24} {}\n", row.name, row.doc);
            return;
        }
        if (*what == "fields") {
            for (const Quantity& q : state_quantities())
                if (q.in_snapshots())
                    fmt::print("{:<14} {:<5} {:<12} {}\n", q.name, q.unit,
                               q.scope == Scope::kNeuron ? "neuron" : "excitatory", q.long_name);
            return;
        }
        for (const std::string& name : names_of(*what))
            if (*what == "scenarios")
                fmt::print("{:<36} {}\n", name, load_scenario(name, {}).title);
            else if (*what == "studies")
                fmt::print("{:<36} {}\n", name, load_study(name).title);
            else if (*what == "hypotheses")
                fmt::print("{:<36} {}\n", name, load_hypothesis(name, "").title);
            else if (*what == "inferences")
                fmt::print("{:<36} {}\n", name, load_inference(name, {}).title);
            else if (*what == "calibrations")
                fmt::print("{:<36} {}\n", name, load_calibration(name).title);
            else
                fmt::print("{}\n", name);
    });
}

}  // namespace respine
