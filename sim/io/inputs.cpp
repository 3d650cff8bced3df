#include "sim/io/inputs.hpp"

#include "sim/io/import_graph.hpp"
#include "sim/io/library.hpp"
#include "sim/io/model_yaml.hpp"

#include <filesystem>

namespace respine {

Inputs load_inputs(const Scenario& scenario) {
    Inputs in;
    in.scenario = scenario;
    in.model = load_model(scenario.model, scenario.file);
    override_parameters(in.model, scenario);
    in.drugs = load_drugs_of(scenario, in.model);
    const Pharmacology check(scenario, in.model, {scenario.weight.value_or(in.model.subject.weight), 0.0, 0.0}, in.drugs);  // reports an impossible plan before anything runs
    in.network = load_network_spec(scenario.network.kind);
    if (scenario.network.kind == "file") {
        const std::filesystem::path beside = std::filesystem::path(scenario.file).parent_path();
        const auto resolved = [&](const std::string& path) { return path.empty() ? path : (beside / path).string(); };  // absolute paths stay
        in.graph = std::make_shared<const GraphFile>(import_graph(resolved(scenario.network.file), resolved(scenario.network.nodes)));
    }
    return in;
}

}  // namespace respine
