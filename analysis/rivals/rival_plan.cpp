#include "analysis/rivals/rival_plan.hpp"

#include <algorithm>
#include <set>

#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

bool has(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool same_animals(const Scenario& a, const std::string& species_of_a, const Scenario& b,
                  const std::string& species_of_b) {
    return species_of_a == species_of_b && a.severity == b.severity && a.genotype == b.genotype &&
           a.network.name == b.network.name;
}

// Without any drug in the body: what a reference arm gets is placebo or nothing.
bool is_vehicle(const Scenario& s) {
    return std::all_of(s.treatments.begin(), s.treatments.end(),
                       [](const Treatment& t) { return t.drug == "placebo"; });
}

struct Known {
    std::string name, species;
    Scenario scenario;
};

std::vector<Known> known_scenarios() {
    std::vector<Known> all;
    for (const std::string& name : names_of("scenarios")) {
        const Scenario s = load_scenario(name, {});
        if (s.cohort > 0 || s.network.kind != NetworkKind::kSheet || s.network.name != "sheet") continue;
        all.push_back({name, load_model(s.model, s.file).species, s});
    }
    return all;
}

// Of the demo too there are vehicles of the same species: the longest one reaches every time.
const Known* vehicle_for(const Known& of, const std::vector<Known>& all) {
    const Known* best = nullptr;
    for (const Known& k : all) {
        if (!is_vehicle(k.scenario) || !same_animals(of.scenario, of.species, k.scenario, k.species))
            continue;
        const bool slice = of.name.starts_with("slice-"), of_slice = k.name.starts_with("slice-");
        if (slice != of_slice) continue;
        if (!best || k.scenario.duration > best->scenario.duration) best = &k;
    }
    return best;
}

}  // namespace

std::vector<Rival> rivals_of(const std::vector<std::string>& only, const std::vector<std::string>& own) {
    std::vector<Rival> rivals;
    const std::vector<std::string> shipped = names_of("hypotheses");
    for (const std::string& name : only)
        if (!has(shipped, name))
            fail(Exit::kUsage, "--only: there is no hypothesis '{}'{} (see: respine list hypotheses)", name,
                 suggestion(name, shipped));
    for (const std::string& name : shipped)
        if (only.empty() || has(only, name)) rivals.push_back({name, load_hypothesis(name, "")});
    for (const std::string& path : own) rivals.push_back({path, load_hypothesis(path, "")});
    std::set<std::string> names;
    for (const Rival& r : rivals) {
        if (!names.insert(r.text.name).second)
            fail(Exit::kUsage, "{}: error: another hypothesis is named '{}' too; give it another 'name'",
                 r.text.file, r.text.name);
        if (r.text.free.size() != rivals.front().text.free.size())
            fail(
                Exit::kUsage,
                "{}: error: {} free parameters, where {} has {}: rivals with more freedom fit better by that "
                "alone; name as many under 'free'",
                r.text.file, r.text.free.size(), rivals.front().text.name, rivals.front().text.free.size());
    }
    if (rivals.size() < 2)
        fail(Exit::kUsage,
             "respine hypotheses: one hypothesis has no rival; name two or more with --only, or add yours "
             "with --with FILE");
    return rivals;
}

std::vector<Trial> arms_of(const std::vector<std::string>& wanted) {
    const std::vector<Known> all = known_scenarios();
    std::vector<std::string> names;
    for (const Known& k : all) names.push_back(k.name);
    for (const std::string& name : wanted)
        if (!has(names, name))
            fail(Exit::kUsage, "--scenarios: '{}' is no shipped scenario of one animal on a sheet{}", name,
                 suggestion(name, names));
    std::vector<Trial> arms;
    for (const Known& k : all) {
        if (!wanted.empty() && !has(wanted, k.name)) continue;
        if (is_vehicle(k.scenario) || k.name.starts_with("demo-")) continue;
        if (const Known* vehicle = vehicle_for(k, all))
            arms.push_back({k.name, vehicle->name, k.species, k.scenario.title});
    }
    return arms;
}

std::vector<std::string> all_scenarios(const std::vector<Trial>& arms) {
    std::set<std::string> names;
    for (const Trial& arm : arms) names.insert({arm.scenario, arm.vehicle});
    return {names.begin(), names.end()};
}

std::vector<TargetRow> rows_for_rivals(const std::vector<TargetRow>& table,
                                       const std::vector<std::string>& scenarios) {
    std::vector<TargetRow> rows;
    for (const TargetRow& r : table)
        if (r.kind != "input" && has(scenarios, r.scenario) &&
            (r.reference.empty() || has(scenarios, r.reference)))
            rows.push_back(r);
    return rows;
}

std::vector<std::string> fitted_rows(const std::vector<Rival>& rivals) {
    std::set<std::string> ids;
    const std::vector<std::string> known = names_of("calibrations");
    for (const Rival& r : rivals) {
        if (!has(known, "rival-" + r.text.name)) continue;
        const YamlDocument doc = load_yaml(find_config("calibrations", "rival-" + r.text.name, ""));
        for (const auto& item : doc.root["targets"])
            ids.insert(item.IsMap() ? read_text(item, "id") : item.Scalar());
    }
    return {ids.begin(), ids.end()};
}

}  // namespace respine
