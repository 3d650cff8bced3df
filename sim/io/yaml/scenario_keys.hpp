// The keys of a scenario, each bound to the member that it fills.
#pragma once

#include "sim/io/yaml/yaml_keys.hpp"

namespace respine {

inline constexpr double kMostTime = 1300.0;  // [d] births are counted in 16 bits

const Keys<Scenario>& scenario_keys();
const Keys<NetworkChoice>& network_choice_keys();
const Keys<Treatment>& treatment_keys();

// What the keys of one treatment say together.
void check_treatment(Treatment& treatment, const Found& map);

KeyOf<Scenario> dosing_key();
KeyOf<Scenario> subjects_key();
KeyOf<Scenario> persons_key();
void check_persons(Scenario& scenario, const Found& root);
void keep_own_treatments(Scenario& scenario, const Found& root);
void check_policies(const Scenario& scenario, const YAML::Node& treatments, Problems& problems);

// Paths are meant from the scenario's folder; written out, the resolved scenario works in any folder.
std::string absolute_path(const std::string& name, const std::string& file);

// The name of a model or drug of ours (`kind` is its folder in configs/), or the path of the user's own file.
std::string config_name(const Found& name, const std::string& kind, const std::string& key);

template <class Owner>
KeyOf<Owner> path_key(const char* name, std::string Owner::*member, const char* doc) {
    KeyOf<Owner> row = key(name, member, doc);
    row.read = [member](Owner& o, const Found& found, const Key&) {
        o.*member = absolute_path(found.node.Scalar(), found.file);
    };
    return row;
}

template <class Owner>
KeyOf<Owner> config_key(const char* name, std::string Owner::*member, const char* kind, const char* doc) {
    KeyOf<Owner> row = key(name, member, doc);
    row.read = [member, kind](Owner& o, const Found& found, const Key& k) {
        o.*member = config_name(found, kind, k.name);
    };
    return row.required();
}

}  // namespace respine
