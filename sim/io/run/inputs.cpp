#include "sim/io/run/inputs.hpp"

#include <algorithm>
#include <filesystem>

#include "sim/history.hpp"
#include "sim/io/import/import_graph.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

// The value under a key, made when it is asked for the first time.
template <class T, class Make>
const T& kept(std::map<std::string, T>& map, const std::string& key, const Make& make) {
    const auto found = map.find(key);
    return found != map.end() ? found->second : map.emplace(key, make()).first->second;
}

// Every cell type of a user's network needs a population that says its weights and rate.
void need_populations(const NetworkSpec& spec, const GraphFile& graph, const std::string& file) {
    for (size_t t = 0; t < kCellTypes; ++t) {
        const auto count = std::count(graph.types.begin(), graph.types.end(), static_cast<CellType>(t));
        const bool known = std::any_of(spec.populations.begin(), spec.populations.end(),
                                       [&](const PopulationSpec& p) { return p.types[t] > 0.0; });
        if (count > 0 && !known)
            fail(Exit::kInput,
                 "{}: error: {} neurons are {}, and networks of kind {} have no weights for these; say what "
                 "stands for them, such as network: "
                 "{{types: {{{}: SST}}}}",
                 file, count, kCellTypeNames[t], spec.name, kCellTypeNames[t]);
    }
}

// Doses beyond what a drug file says its kinetics are meant for; most such doses are slips of a unit.
std::vector<std::string> notes_of_doses(const Inputs& in) {
    std::vector<std::string> notes;
    for (size_t k = 0; k < in.given.size(); ++k) {
        const Treatment& t = in.scenario.treatments[k];
        const Drug& d = in.drugs[in.given[k]];
        const auto kinetics = d.species.find(in.model.species);
        if (kinetics == d.species.end()) continue;
        const double most = kinetics->second.largest_dose,
                     weight = in.scenario.weight.value_or(in.model.subject.weight);
        const double dose = t.per_kg ? t.dose : t.dose / weight;
        if (most <= 0.0 || dose <= most) continue;
        notes.push_back(
            fmt::format("{:g} mg/kg of {} is beyond {:g} mg/kg, the largest dose that its kinetics in "
                        "the {} are meant for ({})",
                        dose, d.name, most, in.model.species, d.file));
    }
    return notes;
}

// The cast that a simulation of these inputs may have, as far as formulas read of it.
Cast possible_cast(const Inputs& in) {
    Cast cast;
    for (size_t d = 0; d < in.drugs.size(); ++d)
        if (!in.drugs[d].species.empty()) cast.drugs.push_back({in.drugs[d].name, in.drugs[d].title, d});
    for (const PopulationSpec& p : in.network.populations)
        for (size_t t = 0; t < kCellTypes; ++t)
            if (p.types[t] > 0.0 && !std::ranges::count(cast.types, static_cast<CellType>(t)))
                cast.types.push_back(static_cast<CellType>(t));
    return cast;
}

void check_mechanisms(const Inputs& in) {
    const std::vector<Mechanism>& own = in.scenario.mechanisms;
    if (own.empty()) return;
    Problems problems;
    for (const MechanismProblem& p : problems_of(own, possible_cast(in)))
        problems.add({in.scenario.file, own[p.mechanism].line, own[p.mechanism].column},
                     "'mechanisms[{}].{}': {}", p.mechanism, p.key, p.message);
    problems.throw_if_any(Exit::kUsage);
}

}  // namespace

Scenario InputLibrary::scenario(const std::string& name, const Settings& settings) {
    const YamlDocument& document =
        kept(scenarios_, name, [&] { return load_yaml(find_config("scenarios", name, "")); });
    return read_scenario({document.file, document.text, YAML::Clone(document.root)},
                         settings);  // settings are written into the nodes
}

Inputs InputLibrary::load(const Scenario& scenario) {
    Inputs in;
    in.scenario = scenario;
    in.model = kept(models_, scenario.model + "\n" + scenario.hypothesis + "\n" + scenario.file,
                    [&] { return load_model(scenario.model, scenario.file, scenario.hypothesis); });
    override_parameters(in.model, scenario);
    std::string drugs = in.model.species + "\n" + scenario.file;
    for (const Treatment& t : scenario.treatments) drugs += "\n" + t.drug;
    std::string numbers;
    for (const auto& [path, value] : scenario.numbers) numbers += "\n" + path + "=" + value;
    drugs += numbers;
    const DrugList& list = kept(drugs_, drugs, [&] { return load_drugs_of(scenario, in.model); });
    in.drugs = list.drugs;
    in.given = list.given;
    // Reports an impossible plan before anything runs; the plan itself is made again for each subject.
    plan_doses(scenario.treatments, scenario.file, in.drugs, in.given, in.model.species,
               scenario.weight.value_or(in.model.subject.weight));
    for (std::string& note : notes_of_doses(in)) in.scenario.notes.push_back(std::move(note));
    const NetworkChoice& network = scenario.network;
    in.network =
        kept(networks_, network.name + numbers, [&] { return load_network_spec(network.name, scenario); });
    check_mechanisms(in);
    if (network.kind == NetworkKind::kFile) {
        const std::filesystem::path beside = std::filesystem::path(scenario.file).parent_path();
        NetworkChoice found = network;
        std::string key;
        for (std::string* path : {&found.file, &found.nodes, &found.node_types}) {
            if (!path->empty()) *path = (beside / *path).string();  // absolute paths stay
            key += *path + "\n";
        }
        for (const auto& [name, type] : found.types) key += name + "\n" + type + "\n";
        in.graph = kept(graphs_, key, [&] { return std::make_shared<const GraphFile>(import_graph(found)); });
        need_populations(in.network, *in.graph, found.nodes.empty() ? found.file : found.nodes);
    }
    return in;
}

Inputs load_inputs(const Scenario& scenario) { return InputLibrary().load(scenario); }

std::string resolved_inputs(const Inputs& inputs) {
    Scenario full = inputs.scenario;
    full.overrides.clear();
    Model model = inputs.model;
    for (const ParameterRow& row : parameters_of(model))
        full.overrides.emplace_back(row.path, fmt::format("{} {}", *row.value, row.unit));
    return resolved_yaml(full);
}

}  // namespace respine
