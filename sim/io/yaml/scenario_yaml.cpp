#include "sim/io/yaml/scenario_yaml.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "sim/io/yaml/scenario_settings.hpp"
#include "sim/model/model.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

constexpr double kMostTime = 1300.0;  // [d] births are counted in 16 bits

Key time_key(const char* name, double low, bool required, const char* doc) {
    return {.name = name,
            .kind = Kind::kQuantity,
            .units = "d",
            .low = low,
            .high = kMostTime,
            .required = required,
            .doc = doc};
}

Table treatment_table() {
    return {
        {.name = "drug", .required = true, .doc = "name in configs/drugs, or path of a drug file"},
        {.name = "route",
         .kind = Kind::kChoice,
         .required = true,
         .doc = "way in; window: a tool at full effect for `for`",
         .choices = {"iv", "im", "ip", "sc", "nasal", "oral", "bath", "window"}},
        {.name = "dose",
         .kind = Kind::kQuantity,
         .units = "mg/kg|mg",
         .low = 0,
         .high = 1e5,
         .doc = "amount of one dose"},
        {.name = "concentration",
         .kind = Kind::kQuantity,
         .units = "uM",
         .low = 0,
         .high = 1e5,
         .doc = "held around the tissue, route bath"},
        {.name = "over",
         .kind = Kind::kQuantity,
         .units = "min",
         .low = 0,
         .high = 1440.0 * 60,
         .doc = "duration of an infusion"},
        {.name = "for",
         .kind = Kind::kQuantity,
         .units = "d",
         .low = 0,
         .high = kMostTime,
         .doc = "how long a window or bath lasts"},
        {.name = "at",
         .kind = Kind::kQuantities,
         .units = "d",
         .low = -kMostTime,
         .high = kMostTime,
         .required = true,
         .doc = "start, or list of starts"},
        {.name = "repeat",
         .kind = Kind::kMap,
         .doc = "repeats of a single start",
         .nested = {{.name = "every",
                     .kind = Kind::kQuantity,
                     .units = "d",
                     .low = 1.0 / 1440,
                     .high = kMostTime,
                     .required = true,
                     .doc = "interval"},
                    {.name = "times",
                     .kind = Kind::kInteger,
                     .low = 1,
                     .high = 10000,
                     .required = true,
                     .doc = "number of doses"}}},
    };
}

Table network_table() {
    return {
        {.name = "kind",
         .kind = Kind::kChoice,
         .required = true,
         .doc = "which network",
         .choices = {"sheet", "microcircuit", "small_world", "random", "file"}},
        {.name = "neurons",
         .kind = Kind::kInteger,
         .low = 20,
         .high = kMostNeurons,
         .doc = "number of neurons (not microcircuit, file)"},
        {.name = "synapses_per_neuron",
         .kind = Kind::kInteger,
         .low = 5,
         .high = 30000,
         .doc = "healthy in-degree (not microcircuit, file)"},
        {.name = "scale",
         .kind = Kind::kQuantity,
         .units = "1",
         .low = 0.005,
         .high = 1,
         .doc = "microcircuit: share of the neurons; in-degrees stay as published"},
        {.name = "file",
         .doc = "file: GraphML, CSV edge list with columns source,target, SONATA edges (.h5) or circuit "
                "(.json)"},
        {.name = "nodes",
         .doc = "file: CSV of neurons with columns id and optional type,x,y,z, or SONATA nodes (.h5)"},
        {.name = "node_types", .doc = "file: SONATA table of node types, separated by spaces"},
        {.name = "types",
         .kind = Kind::kMapOf,
         .doc = "file: what the cell types that the file names are: {name: E, PV, SST or VIP}",
         .choices = {kCellTypeNames.begin(), kCellTypeNames.end()},
         .element = Kind::kChoice},
    };
}

Tick ticks_of(const YAML::Node& scalar) { return static_cast<Tick>(std::llround(quantity_in(scalar, "s"))); }

Tick time_in(const YAML::Node& map, const char* key, Tick absent) {
    return map[key] ? ticks_of(map[key]) : absent;
}

std::vector<Tick> times_in(const YAML::Node& map, const char* key) {
    std::vector<Tick> times;
    const YAML::Node node = map[key];
    if (!node) return times;
    if (!node.IsSequence()) return {ticks_of(node)};
    for (const auto& item : node) times.push_back(ticks_of(item));
    return times;
}

bool flag_in(const YAML::Node& map, const char* key, bool absent) {
    return map[key] ? map[key].Scalar() == "true" : absent;
}

// Every parameter of the model, by its whole path.
Table overrides_table() {
    Model m;
    Table table;
    for (const ParameterRow& row : parameters_of(m))
        table.push_back({.name = row.path,
                         .kind = Kind::kQuantity,
                         .units = std::string(row.unit),
                         .low = row.low,
                         .high = row.high,
                         .doc = std::string(row.doc)});
    return table;
}

bool is_path(const std::string& name) {
    return name.ends_with(".yaml") || name.ends_with(".yml") || name.find('/') != std::string::npos;
}

// Paths are meant from the scenario's folder; written out, the resolved scenario works in any folder.
std::string absolute_path(const std::string& name, const std::string& file) {
    return name.empty() ? name
                        : std::filesystem::absolute(std::filesystem::path(file).parent_path() / name)
                              .lexically_normal()
                              .string();
}

// The name of a model or drug of ours, or the path of the user's own file.
std::string config_in(const YAML::Node& map, const char* key, const std::string& kind,
                      const std::string& path, const std::string& file, Problems& problems) {
    const std::string name = read_text(map, key);
    if (is_path(name)) {
        const std::string found = absolute_path(name, file);
        if (!std::filesystem::is_regular_file(found))
            problems.add(place_of(map[key], file, path), "'{}': no such file: {}", path, found);
        return found;
    }
    const std::vector<std::string> known = names_of(kind);
    if (std::find(known.begin(), known.end(), name) != known.end()) return name;
    const bool own = std::filesystem::is_regular_file(
        absolute_path(name + ".yaml", file));  // never taken silently: it might hide one of ours
    const std::string meant =
        own ? "; did you mean the file beside it, './" + name + ".yaml'?" : suggestion(name, known);
    problems.add(place_of(map[key], file, path), "'{}': no {} '{}'{} (see: respine list {})", path, key, name,
                 meant, kind);
    return name;
}

Treatment read_treatment(const YAML::Node& node, const std::string& path, const std::string& file,
                         Problems& problems) {
    Treatment t;
    t.drug = config_in(node, "drug", "drugs", path + ".drug", file, problems);
    t.route = read_text(node, "route");
    const Place here = place_of(node, file, path);
    if (node["dose"]) {
        const auto q = parse_quantity(node["dose"].Scalar());
        t.per_kg = convert(*q, "mg/kg").has_value();
        t.dose = *convert(*q, t.per_kg ? "mg/kg" : "mg");
    }
    t.bath = read_quantity(node, "concentration", "uM").value_or(0.0);
    const bool tool = t.route == "window" || t.route == "bath";
    t.over = time_in(node, tool ? "for" : "over", 0);
    t.at = times_in(node, "at");
    const auto needs = [&](const char* key, bool wanted) {
        if (wanted && !node[key]) problems.add(here, "'{}' by route {} needs '{}'", path, t.route, key);
        if (!wanted && node[key])
            problems.add(place_of(node[key], file, path), "'{}.{}' has no meaning for route {}", path, key,
                         t.route);
    };
    needs("dose", !tool);
    needs("concentration", t.route == "bath");
    needs("for", tool);
    if (t.route != "iv") needs("over", false);
    if (t.at.empty())
        problems.add(place_of(node["at"], file, path),
                     "'{}.at' is an empty list; name a start, or leave the treatment out", path);
    if (node["repeat"] && !t.at.empty()) {
        const Tick every = ticks_of(node["repeat"]["every"]);
        const u64 times = read_integer(node["repeat"], "times", 1);
        if (t.at.size() != 1)
            problems.add(place_of(node["repeat"], file, path), "'{}.repeat' wants a single start in 'at'",
                         path);
        const bool fits = every >= t.over;
        if (!fits)
            problems.add(place_of(node["repeat"], file, path),
                         "'{}.repeat.every' is {}, but one dose lasts {}", path, time_text(every),
                         time_text(t.over));
        for (u64 k = 1; fits && k < times && t.at.size() < 10000; ++k)
            t.at.push_back(t.at.front() + static_cast<Tick>(k) * every);
    }
    std::sort(t.at.begin(), t.at.end());
    for (size_t k = 0; k + 1 < t.at.size(); ++k)
        if (t.at[k + 1] < t.at[k] + std::max<Tick>(1, t.over)) {
            const Place at = place_of(node["at"], file, path);
            if (t.at[k + 1] == t.at[k])
                problems.add(at, "'{}': there are two doses at {}", path, time_text(t.at[k]));
            else
                problems.add(at, "'{}': the dose at {} begins before the one at {} has ended", path,
                             time_text(t.at[k + 1]), time_text(t.at[k]));
            break;
        }
    return t;
}

void check_times(const Scenario& s, const YAML::Node& root, Problems& problems) {
    const auto inside = [&](const YAML::Node& node, const char* what, const std::vector<Tick>& times) {
        for (Tick t : times)
            if (t < s.start || t > s.end())
                problems.add(place_of(node, s.file, what), "the {} at {} lies outside the run ({} to {})",
                             what, time_text(t), time_text(s.start), time_text(s.end()));
    };
    for (size_t k = 0; k < s.treatments.size(); ++k)
        inside(root["treatments"][k], "treatment", s.treatments[k].at);
    if (root["record"]) inside(root["record"]["snapshots"], "snapshot", s.snapshots);
    if (root["imaging"]) inside(root["imaging"]["sessions"], "imaging session", s.sessions);
}

void check_network(const Scenario& s, const YAML::Node& node, Problems& problems) {
    const std::string& kind = s.network.kind;
    const bool sized = kind == "sheet" || kind == "small_world" || kind == "random";
    const auto needs = [&](const char* key, bool wanted, bool allowed) {
        if (wanted && !node[key])
            problems.add(place_of(node, s.file, "network"), "network of kind {} needs '{}'", kind, key);
        if (!allowed && node[key])
            problems.add(place_of(node[key], s.file, "network"), "'network.{}' has no meaning for kind {}",
                         key, kind);
    };
    needs("neurons", sized, sized);
    needs("synapses_per_neuron", sized, sized);
    needs("scale", kind == "microcircuit", kind == "microcircuit");
    needs("file", kind == "file", kind == "file");
    for (const char* key : {"nodes", "node_types", "types"}) needs(key, false, kind == "file");
    if (sized && node["neurons"] && s.network.synapses_per_neuron >= s.network.neurons)
        problems.add(place_of(node, s.file, "network"), "{} synapses per neuron do not fit {} neurons",
                     s.network.synapses_per_neuron, s.network.neurons);
}

}  // namespace

std::string kind_of_file(const YAML::Node& root) {
    constexpr std::pair<const char*, const char*> kSigns[] = {
        {"outcomes", "study"},    {"design", "study"},          {"arms", "study"},
        {"replicates", "study"},  {"held_back", "calibration"}, {"global", "calibration"},
        {"local", "calibration"}, {"species", "model"},         {"based_on", "model"},
        {"molar_mass", "drug"},   {"pharmacokinetics", "drug"}, {"duration", "scenario"}};
    if (!root.IsMap()) return "";
    for (const auto& [key, kind] : kSigns)
        if (root[key]) return kind;
    return "";
}

void need_kind(const YamlDocument& doc, const std::string& wanted) {
    const std::string kind = kind_of_file(doc.root);
    if (kind.empty() || kind == wanted) return;
    const std::string use = kind == "scenario"      ? "; run it with: respine run "
                            : kind == "study"       ? "; run it with: respine study run "
                            : kind == "calibration" ? "; fit it with: respine calibrate "
                                                    : "";
    fail(Exit::kUsage, "{}:1:1: error: this is the file of a {}, not of a {}{}", doc.file, kind, wanted,
         use.empty() ? "; it is checked with the scenarios that name it" : use + doc.file);
}

const Table& scenario_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, used for files and tables"},
        {.name = "title", .doc = "one sentence for figures and lists"},
        {.name = "model",
         .required = true,
         .doc = "species: name in configs/models, or path of a model file"},
        time_key("start", -400, true, "begin of the run, on the clock of treatments, snapshots and sessions"),
        time_key("duration", 1.0 / 1440, true, "length of the run"),
        {.name = "seed",
         .kind = Kind::kInteger,
         .low = 0,
         .high = 9007199254740991.0,
         .doc = "of every random number"},
        {.name = "network",
         .kind = Kind::kMap,
         .required = true,
         .doc = "which neurons and synapses",
         .nested = network_table()},
        {.name = "stress",
         .kind = Kind::kMap,
         .required = true,
         .doc = "chronic stress",
         .nested = {{.name = "severity",
                     .kind = Kind::kQuantity,
                     .units = "1",
                     .low = 0,
                     .high = 3,
                     .required = true,
                     .doc = "0 healthy, 1 the reference stress"}}},
        {.name = "genotype",
         .kind = Kind::kChoice,
         .doc = "BDNF Val66Met",
         .choices = {"val/val", "val/met", "met/met"}},
        {.name = "inflammation",
         .kind = Kind::kQuantity,
         .units = "1",
         .low = 0,
         .high = 1,
         .doc = "0 none, 1 strong"},
        {.name = "magnesium",
         .kind = Kind::kQuantity,
         .units = "mM",
         .low = 0,
         .high = 10,
         .doc = "extracellular magnesium"},
        {.name = "weight",
         .kind = Kind::kQuantity,
         .units = "kg",
         .low = 0.005,
         .high = 300,
         .doc = "body weight, instead of the model's"},
        {.name = "subject",
         .kind = Kind::kInteger,
         .low = 0,
         .high = 1e6,
         .doc = "0 the typical subject, k the k-th drawn one"},
        {.name = "cohort",
         .kind = Kind::kMap,
         .doc = "run this many drawn subjects",
         .nested = {{.name = "subjects",
                     .kind = Kind::kInteger,
                     .low = 2,
                     .high = 1e6,
                     .required = true,
                     .doc = "number of subjects"}}},
        {.name = "expectation",
         .kind = Kind::kBoolean,
         .doc = "whether a treated subject shows the placebo response"},
        {.name = "integrator",
         .kind = Kind::kChoice,
         .doc = "fast network: relaxed at each slow step, or stepped in milliseconds",
         .choices = {"relaxed", "explicit"}},
        {.name = "structure",
         .kind = Kind::kMap,
         .doc = "how spines come and go",
         .nested = {{.name = "rule",
                     .kind = Kind::kChoice,
                     .doc = "equilibrium of each neuron, Butz-van Ooyen elements, or no change",
                     .choices = {"equilibrium", "growth_rule", "fixed"}},
                    {.name = "needs_deficit",
                     .kind = Kind::kBoolean,
                     .doc = "false lets the gain act without a deficit"}}},
        {.name = "treatments", .kind = Kind::kMapList, .doc = "what is given", .nested = treatment_table()},
        {.name = "record",
         .kind = Kind::kMap,
         .doc = "what is written",
         .nested = {{.name = "history",
                     .kind = Kind::kQuantity,
                     .units = "min",
                     .low = 1.0 / 60,
                     .high = 1e6,
                     .doc = "least interval between history rows"},
                    {.name = "snapshots",
                     .kind = Kind::kQuantities,
                     .units = "d",
                     .low = -kMostTime,
                     .high = kMostTime,
                     .doc = "times of whole-state snapshots"},
                    {.name = "synapse_events",
                     .kind = Kind::kBoolean,
                     .doc = "every formation and elimination"}}},
        {.name = "imaging",
         .kind = Kind::kMap,
         .doc = "virtual two-photon imaging",
         .nested = {{.name = "sessions",
                     .kind = Kind::kQuantities,
                     .units = "d",
                     .low = -kMostTime,
                     .high = kMostTime,
                     .required = true,
                     .doc = "session times"},
                    {.name = "dendrites",
                     .kind = Kind::kInteger,
                     .low = 1,
                     .high = 1e6,
                     .doc = "dendrites in view"}}},
        {.name = "overrides",
         .kind = Kind::kMap,
         .doc = "model parameters of this run, by path (see: respine list parameters)",
         .nested = overrides_table()},
    };
    return table;
}

Scenario load_scenario(const std::string& name, const Settings& settings) {
    return read_scenario(load_yaml(find_config("scenarios", name, "")), settings);
}

Scenario read_scenario(YamlDocument doc, const Settings& settings) {
    Problems problems;
    if (!doc.root.IsMap())
        fail(Exit::kUsage, "{}:1:1: error: a scenario is a map of keys, such as name: example", doc.file);
    need_kind(doc, "scenario");
    Problems duplicates;  // --set would write into the first of two equal keys
    check_map(doc.root, scenario_table(), "", doc.file, duplicates);
    duplicates.throw_if_any(Exit::kUsage);
    for (const auto& [path, value] : settings) apply_setting(doc.root, path, value, problems);
    check_map(doc.root, scenario_table(), "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);

    YAML::Node& root = doc.root;
    Scenario s;
    s.file = doc.file;
    s.name = read_text(root, "name");
    s.title = read_text(root, "title", s.name);
    if (s.name.find_first_of("/\n") != std::string::npos)
        problems.add(place_of(root["name"], s.file, "name"),
                     "'name' becomes a file name: it must hold no '/' and stand on one line");
    s.model = config_in(root, "model", "models", "model", s.file, problems);
    s.start = time_in(root, "start", 0);
    s.duration = time_in(root, "duration", 0);
    s.seed = read_integer(root, "seed", s.seed);
    const YAML::Node network = root["network"];
    s.network.kind = read_text(network, "kind");
    s.network.neurons = static_cast<u32>(read_integer(network, "neurons", 0));
    s.network.synapses_per_neuron = static_cast<u32>(read_integer(network, "synapses_per_neuron", 0));
    s.network.scale = read_quantity(network, "scale", "1").value_or(1.0);
    s.network.file = absolute_path(read_text(network, "file"), s.file);
    s.network.nodes = absolute_path(read_text(network, "nodes"), s.file);
    s.network.node_types = absolute_path(read_text(network, "node_types"), s.file);
    for (const auto& item : network["types"]) s.network.types[item.first.Scalar()] = item.second.Scalar();
    s.severity = *read_quantity(root["stress"], "severity", "1");
    s.inflammation = read_quantity(root, "inflammation", "1").value_or(0.0);
    s.magnesium = read_quantity(root, "magnesium", "mM").value_or(1.0);
    const std::string genotype = read_text(root, "genotype", "val/val");
    s.genotype = genotype == "met/met"   ? Genotype::kMetMet
                 : genotype == "val/met" ? Genotype::kValMet
                                         : Genotype::kValVal;
    s.weight = read_quantity(root, "weight", "kg");
    s.subject = static_cast<u32>(read_integer(root, "subject", 0));
    leave_cohort(s, root, settings, problems);
    if (root["cohort"]) s.cohort = static_cast<u32>(read_integer(root["cohort"], "subjects", 0));
    s.expectation = flag_in(root, "expectation", false);
    s.integrator =
        read_text(root, "integrator", "relaxed") == "explicit" ? Integrator::kExplicit : Integrator::kRelaxed;
    if (const YAML::Node structure = root["structure"]) {
        const std::string rule = read_text(structure, "rule", "equilibrium");
        s.structure = rule == "fixed"         ? StructureRule::kFixed
                      : rule == "growth_rule" ? StructureRule::kGrowthRule
                                              : StructureRule::kEquilibrium;
        s.needs_deficit = flag_in(structure, "needs_deficit", true);
    }
    if (root["treatments"])
        for (size_t k = 0; k < root["treatments"].size(); ++k)
            s.treatments.push_back(
                read_treatment(root["treatments"][k], fmt::format("treatments[{}]", k), s.file, problems));
    if (const YAML::Node record = root["record"]) {
        s.history = time_in(record, "history", s.history);
        s.snapshots = times_in(record, "snapshots");
        s.synapse_events = flag_in(record, "synapse_events", false);
    }
    if (const YAML::Node imaging = root["imaging"]) {
        s.sessions = times_in(imaging, "sessions");
        s.dendrites = static_cast<u32>(read_integer(imaging, "dendrites", s.dendrites));
    }
    std::sort(s.snapshots.begin(), s.snapshots.end());
    std::sort(s.sessions.begin(), s.sessions.end());
    s.snapshots.erase(std::unique(s.snapshots.begin(), s.snapshots.end()), s.snapshots.end());
    s.sessions.erase(std::unique(s.sessions.begin(), s.sessions.end()), s.sessions.end());
    if (root["overrides"])
        for (const auto& item : root["overrides"])
            s.overrides.emplace_back(item.first.Scalar(), item.second.Scalar());
    leave_times(s, settings);
    check_times(s, root, problems);
    check_network(s, network, problems);
    problems.throw_if_any(Exit::kUsage);
    return s;
}

}  // namespace respine
