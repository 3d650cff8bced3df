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

nlohmann::json catalogue() {
    nlohmann::json told = {{"models", nlohmann::json::array()},
                           {"drugs", nlohmann::json::array()},
                           {"scenarios", nlohmann::json::array()}};
    for (const std::string& name : names_of("models"))
        if (name != "common")
            told["models"].push_back({{"name", name}, {"species", load_model(name, "").species}});
    for (const std::string& name : names_of("drugs")) {
        nlohmann::json drug = description_of(load_drug(name, ""));
        drug["name"] = name;  // as a scenario names it
        told["drugs"].push_back(drug);
    }
    for (const std::string& name : names_of("scenarios")) {
        const YamlDocument document = load_yaml(find_config("scenarios", name, ""));
        told["scenarios"].push_back({{"name", name}, {"title", read_text(document.root, "title")}});
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
    return {{"kind", "scenario"}, {"name", scenario.name}, {"title", scenario.title}};
}

}  // namespace respine
