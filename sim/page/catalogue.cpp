#include "sim/page/catalogue.hpp"

#include <algorithm>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/system/library.hpp"

namespace respine {

nlohmann::json description_of(const Drug& drug) {
    nlohmann::json species = nlohmann::json::object(), targets = nlohmann::json::array();
    for (const auto& [name, kinetics] : drug.species) {
        nlohmann::json routes = nlohmann::json::array({word_of(Route::kIv)});
        for (const auto& [route, absorption] : kinetics.routes) routes.push_back(word_of(route));
        if (kinetics.nasal) routes.push_back(word_of(Route::kNasal));
        species[name] = {{"routes", routes}, {"largest", kinetics.largest_dose}};
    }
    const auto is_window = [](const std::optional<TargetEffect>& e) { return e && e->window > 0.0; };
    for (size_t k = 0; k < kTargets; ++k)
        if (drug.targets[k]) targets.push_back(kTargetNames[k]);
    if (drug.nmda) targets.push_back("nmda");
    return {{"name", drug.name},
            {"title", drug.title},
            {"window", std::any_of(drug.targets.begin(), drug.targets.end(), is_window)},
            {"targets", targets},
            {"species", species}};
}

namespace {

// Of a file in configs/; "" where it has none. Its numbers are read when it is chosen.
std::string text_of(const char* folder, const std::string& name, const char* key) {
    return read_text(load_yaml(find_config(folder, name, "")).root, key);
}

}  // namespace

nlohmann::json catalogue() {
    nlohmann::json models = nlohmann::json::array(), drugs = models, accounts = models;
    for (const std::string& name : names_of("models"))
        if (const std::string species = text_of("models", name, "species"); !species.empty())
            models.push_back({{"name", name}, {"species", species}});
    for (const std::string& name : names_of("drugs")) {
        nlohmann::json drug = description_of(load_drug(name, ""));
        drug["name"] = name;  // as a scenario names it
        drugs.push_back(drug);
    }
    for (const std::string& name : names_of("hypotheses"))
        accounts.push_back({{"name", name},
                            {"title", text_of("hypotheses", name, "title")},
                            {"claim", text_of("hypotheses", name, "claim")}});
    return {{"models", models}, {"drugs", drugs}, {"accounts", accounts}};
}

nlohmann::json beliefs(const std::string& name) {
    Model model = load_model(name, "");
    nlohmann::json told = nlohmann::json::array();
    for (const ParameterRow& row : parameters_of(model)) {
        const Provenance& p = model.provenance.at(row.path);
        told.push_back({{"path", row.path},
                        {"value", *row.value},
                        {"unit", row.unit},
                        {"low", p.low},
                        {"high", p.high},
                        {"mark", p.mark},
                        {"reference", p.reference},
                        {"doc", row.doc}});
    }
    return told;
}

nlohmann::json described_file(const std::string& path) {
    const YamlDocument document = load_yaml(path);
    const std::string kind = kind_of_file(document.root);
    if (kind == "drug" || (kind.empty() && document.root.IsMap() && document.root["targets"]))
        return {{"kind", "drug"}, {"drug", description_of(load_drug(path, path))}};
    need_kind(document, "scenario");
    const Scenario scenario = read_scenario(document, {});
    return {{"kind", "scenario"},
            {"name", scenario.name},
            {"title", scenario.title},
            {"network", scenario.network.name}};
}

}  // namespace respine
