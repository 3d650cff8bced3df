// From a scenario to everything a run needs.
#pragma once

#include <map>
#include <string>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/simulation.hpp"

namespace respine {

// Loads model, drugs, network description and the user's graph, with all checks that need no simulation.
Inputs load_inputs(const Scenario& scenario);

// The same for many scenarios in a row: a file that was read once is not read again.
class InputLibrary {
public:
    // A scenario by name or path, with settings as for load_scenario; messages about its own keys name the
    // file without a line.
    Scenario scenario(const std::string& name, const Settings& settings);

    Inputs load(const Scenario& scenario);

private:
    std::map<std::string, YamlDocument> scenarios_;
    std::map<std::string, Model> models_;
    std::map<std::string, DrugList> drugs_;
    std::map<std::string, NetworkSpec> networks_;
    std::map<std::string, std::shared_ptr<const GraphFile>> graphs_;
};

// The resolved inputs as YAML that `respine run` reads again: scenario plus every parameter as an override.
std::string resolved_inputs(const Inputs& inputs);

}  // namespace respine
