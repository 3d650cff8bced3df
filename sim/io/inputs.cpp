#include "sim/io/inputs.hpp"

#include "sim/io/import_graph.hpp"
#include "sim/io/library.hpp"
#include "sim/io/model_yaml.hpp"

#include <filesystem>

namespace respine {

namespace {

// The value under a key, made when it is asked for the first time.
template <class T, class Make>
const T& kept(std::map<std::string, T>& map, const std::string& key, const Make& make) {
    const auto found = map.find(key);
    return found != map.end() ? found->second : map.emplace(key, make()).first->second;
}

}  // namespace

Scenario InputLibrary::scenario(const std::string& name, const Settings& settings) {
    const YamlDocument& document = kept(scenarios_, name, [&] { return load_yaml(find_config("scenarios", name, "")); });
    return read_scenario({document.file, document.text, YAML::Clone(document.root)}, settings);  // settings are written into the nodes
}

Inputs InputLibrary::load(const Scenario& scenario) {
    Inputs in;
    in.scenario = scenario;
    in.model = kept(models_, scenario.model + "\n" + scenario.file, [&] { return load_model(scenario.model, scenario.file); });
    override_parameters(in.model, scenario);
    std::string drugs = in.model.species + "\n" + scenario.file;
    for (const Treatment& t : scenario.treatments) drugs += "\n" + t.drug;
    in.drugs = kept(drugs_, drugs, [&] { return load_drugs_of(scenario, in.model); });
    const Pharmacology check(scenario, in.model, {scenario.weight.value_or(in.model.subject.weight), 0.0, 0.0}, in.drugs);  // reports an impossible plan before anything runs
    const NetworkChoice& network = scenario.network;
    in.network = kept(networks_, network.kind, [&] { return load_network_spec(network.kind); });
    if (network.kind == "file") {
        const std::filesystem::path beside = std::filesystem::path(scenario.file).parent_path();
        const auto resolved = [&](const std::string& path) { return path.empty() ? path : (beside / path).string(); };  // absolute paths stay
        const std::string edges = resolved(network.file), nodes = resolved(network.nodes);
        in.graph = kept(graphs_, edges + "\n" + nodes, [&] { return std::make_shared<const GraphFile>(import_graph(edges, nodes)); });
    }
    return in;
}

Inputs load_inputs(const Scenario& scenario) { return InputLibrary().load(scenario); }

}  // namespace respine
