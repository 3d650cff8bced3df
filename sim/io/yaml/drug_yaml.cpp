#include <fmt/format.h>

#include <filesystem>

#include "sim/io/yaml/drug_keys.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/io/yaml/scenario_settings.hpp"
#include "sim/system/library.hpp"

namespace respine {

Drug load_drug(const std::string& name, const std::string& beside, const Scenario& scenario) {
    const YamlDocument doc = load_yaml(find_config("drugs", name, beside));
    Problems problems;
    write_numbers(scenario, "drugs." + std::filesystem::path(doc.file).stem().string() + ".", doc.root,
                  problems);
    check_map(doc.root, table_of(drug_keys()), "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);
    Drug drug;
    drug.file = doc.file;
    drug.text = doc.text;
    read_keys(drug, drug_keys(), {doc.root, "", doc.file, problems});
    if (drug.title.empty()) drug.title = drug.name;
    if (!drug.species.empty() && drug.molar_mass <= 0.0)
        problems.add({doc.file, 0, 0}, "missing key 'molar_mass'");
    problems.throw_if_any(Exit::kUsage);
    return drug;
}

DrugList load_drugs_of(const Scenario& scenario, const Model& model) {
    DrugList list;
    const auto index_of = [&](const std::string& name, const std::string& beside) {
        Drug drug = load_drug(name, beside, scenario);
        for (size_t d = 0; d < list.drugs.size(); ++d) {
            const Drug& other = list.drugs[d];
            std::error_code gone;
            if (std::filesystem::equivalent(other.file, drug.file, gone)) return d;
            if (other.name == drug.name)  // levels are recorded by name
                fail(Exit::kUsage,
                     "{}: error: two drugs are named '{}', in {} and {}: give one of "
                     "them another 'name'",
                     scenario.file, drug.name, std::filesystem::path(other.file).filename().string(),
                     std::filesystem::path(drug.file).filename().string());
        }
        list.drugs.push_back(std::move(drug));
        return list.drugs.size() - 1;
    };
    for (const Treatment& t : scenario.treatments) list.given.push_back(index_of(t.drug, scenario.file));
    for (size_t d = 0; d < list.drugs.size(); ++d) {  // grows on the way
        const auto kinetics = list.drugs[d].species.find(model.species);
        if (kinetics == list.drugs[d].species.end()) continue;
        std::vector<MetaboliteLink> links = kinetics->second.metabolites;
        for (MetaboliteLink& link : links) link.index = index_of(link.drug, list.drugs[d].file);
        list.drugs[d].species[model.species].metabolites = std::move(links);
    }
    Problems problems;
    std::vector<std::string> names;
    for (const Drug& d : list.drugs) names.push_back(std::filesystem::path(d.file).stem().string());
    for (const auto& [path, value] : scenario.numbers) {
        const std::string drug = path.starts_with("drugs.") ? path.substr(6, path.find('.', 6) - 6) : "";
        if (!path.starts_with("wiring.") && std::find(names.begin(), names.end(), drug) == names.end())
            problems.add({scenario.file + ": numbers", 0, 0},
                         "'{}' is of no drug in this run{}; there is {}, and wiring.", path,
                         suggestion(drug, names), fmt::join(names, ", "));
    }
    problems.throw_if_any(Exit::kUsage);
    return list;
}

}  // namespace respine
