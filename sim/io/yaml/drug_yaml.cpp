#include <algorithm>
#include <cmath>
#include <filesystem>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

Key value_key(const char* name, const char* unit, double low, double high, bool required, const char* doc) {
    return {.name = name,
            .kind = Kind::kValue,
            .units = unit,
            .low = low,
            .high = high,
            .required = required,
            .doc = doc};
}

Key text_key(const char* name, const char* doc) { return {.name = name, .doc = doc}; }

Table compartment_table() {
    return {
        value_key("volume", "L", 1e-6, 1e5, true, "volume"),
        value_key("exchange", "L/h", 1e-6, 1e5, false, "clearance between this and the central compartment")};
}

Table route_table() {
    return {value_key("rate", "1/h", 1e-3, 1e4, true, "first-order absorption ka"),
            value_key("bioavailability", "1", 0, 1, true, "fraction that arrives"),
            value_key("lag", "h", 0, 48, false, "delay before absorption")};
}

Table nasal_table() {
    return {
        value_key("rate", "1/h", 1e-3, 1e4, true, "nasal absorption ka"),
        value_key("spray", "mg", 1e-3, 1e4, true, "one spray"),
        value_key("interval", "h", 0, 24, true, "between sprays"),
        value_key("fraction", "1", 0, 1, true, "nasal fraction of the first spray"),
        value_key("later_factor", "1", 0, 2, true, "later sprays: nasal fraction times this"),
        value_key("swallowed_over", "h", 1e-3, 48, true, "zero-order delivery of the swallowed part"),
        value_key("swallowed_rate", "1/h", 1e-3, 1e4, true, "absorption of the swallowed part"),
        value_key("swallowed_bioavailability", "1", 0, 1, true, "systemic fraction of the swallowed part")};
}

Table kinetics_table() {
    return {
        value_key("reference_weight", "kg", 1e-3, 1e3, true,
                  "body weight of these numbers; scaled by 0.75 on clearances, 1 on volumes"),
        {.name = "compartments",
         .kind = Kind::kMapList,
         .required = true,
         .doc = "central first",
         .nested = compartment_table()},
        value_key("clearance", "L/h", 1e-6, 1e5, true, "elimination from the central compartment"),
        {.name = "sampling",
         .kind = Kind::kChoice,
         .required = true,
         .doc = "where the model's samples came from",
         .choices = {"arterial", "venous"}},
        value_key("venous_half_time", "h", 1e-4, 24, false, "lag of venous behind arterial blood"),
        value_key("brain_partition", "1", 0, 100, true, "unbound brain over plasma"),
        value_key("brain_half_time", "h", 1e-4, 100, true, "lag of brain behind plasma"),
        value_key("volume_variance", "1", 0, 4, false, "omega^2 of volumes between subjects"),
        value_key("clearance_variance", "1", 0, 4, false, "omega^2 of clearance between subjects"),
        value_key("largest_dose", "mg/kg", 1e-6, 1e5, false, "these numbers are not meant for a larger one"),
        {.name = "routes", .kind = Kind::kMapOf, .doc = "im, ip, sc, oral", .nested = route_table()},
        {.name = "nasal", .kind = Kind::kMap, .doc = "nasal spray", .nested = nasal_table()},
        {.name = "metabolites",
         .kind = Kind::kMapList,
         .doc = "what becomes of the cleared drug",
         .nested = {{.name = "drug", .required = true, .doc = "drug file of the metabolite"},
                    value_key("fraction", "1", 0, 1, true, "share of the clearance"),
                    value_key("transit", "h", 1e-4, 48, true, "mean transit time"),
                    {.name = "stages",
                     .kind = Kind::kInteger,
                     .low = 1,
                     .high = 10,
                     .required = true,
                     .doc = "transit compartments"}}}};
}

Table subunit_table() {
    Table t;
    for (std::string_view s : kSubunitNames)
        t.push_back(value_key(std::string(s).c_str(), "uM", 1e-6, 1e6, true, "IC50 of this subunit"));
    t.push_back(value_key("hill", "1", 0.1, 5, true, "Hill slope"));
    return t;
}

Table effect_table() {
    return {value_key("ec50", "uM", 1e-6, 1e6, false, "unbound brain concentration of half effect"),
            value_key("hill", "1", 0.1, 5, false, "Hill slope"),
            value_key("window", "1", 0, 1, false, "effect while the treatment window is open")};
}

double value_in(const YAML::Node& map, const char* key, const char* unit, double absent = 0.0) {
    return read_quantity(map, key, unit).value_or(absent);
}

Pharmacokinetics read_kinetics(const YAML::Node& node, const Place& at, Problems& problems) {
    Pharmacokinetics k;
    k.reference_weight = value_in(node, "reference_weight", "kg");
    for (size_t c = 0; c < node["compartments"].size(); ++c) {
        const YAML::Node compartment = node["compartments"][c];
        k.volumes.push_back(value_in(compartment, "volume", "L"));
        if (c > 0) k.exchange.push_back(value_in(compartment, "exchange", "L/h"));
        if ((c > 0) != static_cast<bool>(compartment["exchange"]))
            problems.add(at, "compartments: the central one (first) has no 'exchange', every other one has");
    }
    if (k.volumes.empty()) problems.add(at, "compartments: at least the central one is needed");
    k.clearance = value_in(node, "clearance", "L/h");
    k.venous_sampling = read_text(node, "sampling") == "venous";
    k.venous_half_time = value_in(node, "venous_half_time", "h");
    if (!k.venous_sampling && k.venous_half_time <= 0.0)
        problems.add(at, "arterial sampling needs 'venous_half_time'");
    k.brain_partition = value_in(node, "brain_partition", "1");
    k.brain_half_time = value_in(node, "brain_half_time", "h");
    k.volume_variance = value_in(node, "volume_variance", "1");
    k.clearance_variance = value_in(node, "clearance_variance", "1");
    k.largest_dose = value_in(node, "largest_dose", "mg/kg");
    if (node["routes"])
        for (const auto& item : node["routes"])
            if (const auto route = choice_of<Route>(item.first.Scalar()))
                k.routes[*route] = {value_in(item.second, "rate", "1/h"),
                                    value_in(item.second, "bioavailability", "1"),
                                    value_in(item.second, "lag", "h")};
    k.routes[Route::kIv] = {};
    if (const YAML::Node n = node["nasal"])
        k.nasal =
            NasalRoute{value_in(n, "rate", "1/h"),           value_in(n, "spray", "mg"),
                       value_in(n, "interval", "h"),         value_in(n, "fraction", "1"),
                       value_in(n, "later_factor", "1"),     value_in(n, "swallowed_over", "h"),
                       value_in(n, "swallowed_rate", "1/h"), value_in(n, "swallowed_bioavailability", "1")};
    double total = 0.0;
    for (size_t m = 0; node["metabolites"] && m < node["metabolites"].size(); ++m) {
        const YAML::Node link = node["metabolites"][m];
        k.metabolites.push_back({read_text(link, "drug"), value_in(link, "fraction", "1"),
                                 value_in(link, "transit", "h"),
                                 static_cast<u32>(*parse_number(link["stages"].Scalar()))});
        total += k.metabolites.back().fraction;
    }
    if (total > 1.0 + 1e-9) problems.add(at, "metabolites: the fractions sum to {:g}, more than 1", total);
    return k;
}

SubunitValues subunits_in(const YAML::Node& node) {
    SubunitValues v{};
    for (size_t s = 0; s < kSubunits; ++s) v[s] = value_in(node, std::string(kSubunitNames[s]).c_str(), "uM");
    return v;
}

}  // namespace

const Table& drug_table() {
    static const Table table = [] {
        Table targets = {{.name = "nmda",
                          .kind = Kind::kMap,
                          .doc = "open-channel block",
                          .nested = {{.name = "magnesium",
                                      .kind = Kind::kMap,
                                      .required = true,
                                      .doc = "IC50 at 1 mM magnesium",
                                      .nested = subunit_table()},
                                     {.name = "no_magnesium",
                                      .kind = Kind::kMap,
                                      .doc = "IC50 without magnesium",
                                      .nested = subunit_table()},
                                     value_key("kon", "1/(uM s)", 1e-6, 1e4, true, "binding rate"),
                                     value_key("koff", "1/s", 1e-8, 1e4, true, "unbinding rate")}}};
        for (std::string_view name : kTargetNames)
            targets.push_back({.name = std::string(name),
                               .kind = Kind::kMap,
                               .doc = "effect on this target",
                               .nested = effect_table()});
        return Table{{.name = "name", .required = true, .doc = "name in treatments and observables"},
                     text_key("title", "one line"),
                     value_key("molar_mass", "g/mol", 1, 1e6, false,
                               "molar mass; absent for tools without pharmacokinetics"),
                     {.name = "pharmacokinetics",
                      .kind = Kind::kMapOf,
                      .doc = "by species",
                      .nested = kinetics_table()},
                     {.name = "targets",
                      .kind = Kind::kMap,
                      .required = true,
                      .doc = "what it acts on",
                      .nested = targets}};
    }();
    return table;
}

Drug load_drug(const std::string& name, const std::string& beside) {
    const YamlDocument doc = load_yaml(find_config("drugs", name, beside));
    Problems problems;
    check_map(doc.root, drug_table(), "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);
    Drug drug;
    drug.file = doc.file;
    drug.text = doc.text;
    drug.name = read_text(doc.root, "name");
    drug.title = read_text(doc.root, "title", drug.name);
    drug.molar_mass = value_in(doc.root, "molar_mass", "g/mol");
    if (const YAML::Node kinetics = doc.root["pharmacokinetics"])
        for (const auto& item : kinetics)
            drug.species[item.first.Scalar()] =
                read_kinetics(item.second, place_of(item.second, doc.file, "pharmacokinetics"), problems);
    if (!drug.species.empty() && drug.molar_mass <= 0.0)
        problems.add({doc.file, 0, 0}, "missing key 'molar_mass'");
    const YAML::Node targets = doc.root["targets"];
    if (const YAML::Node n = targets["nmda"]) {
        NmdaAction a;
        a.ic50_magnesium = a.ic50_free = subunits_in(n["magnesium"]);
        a.hill_magnesium = a.hill_free = value_in(n["magnesium"], "hill", "1");
        if (n["no_magnesium"]) {
            a.ic50_free = subunits_in(n["no_magnesium"]);
            a.hill_free = value_in(n["no_magnesium"], "hill", "1");
        }
        a.kon = value_in(n, "kon", "1/(uM s)");
        a.koff = value_in(n, "koff", "1/s");
        drug.nmda = a;
    }
    for (size_t t = 0; t < kTargets; ++t) {
        const YAML::Node n = targets[std::string(kTargetNames[t])];
        if (!n) continue;
        if (static_cast<bool>(n["ec50"]) == static_cast<bool>(n["window"]))
            problems.add(place_of(n, doc.file, "targets"), "'targets.{}' wants either 'ec50' or 'window'",
                         kTargetNames[t]);
        drug.targets[t] = TargetEffect{value_in(n, "ec50", "uM"), value_in(n, "hill", "1", 1.0),
                                       value_in(n, "window", "1")};
    }
    problems.throw_if_any(Exit::kUsage);
    return drug;
}

DrugList load_drugs_of(const Scenario& scenario, const Model& model) {
    DrugList list;
    const auto index_of = [&](const std::string& name, const std::string& beside) {
        Drug drug = load_drug(name, beside);
        for (size_t d = 0; d < list.drugs.size(); ++d) {
            const Drug& other = list.drugs[d];
            std::error_code gone;
            if (std::filesystem::equivalent(other.file, drug.file, gone)) return d;
            if (other.name == drug.name)  // levels are recorded by name
                fail(Exit::kUsage,
                     "{}: error: two drugs are named '{}', in {} and {}: give one of them another 'name'",
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
    return list;
}

}  // namespace respine
