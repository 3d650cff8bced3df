#include "sim/io/yaml/scenario_keys.hpp"

#include <algorithm>
#include <filesystem>

#include "kernels/numerics/source_numbers.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

// The name or path of a network file, which says how the network is built.
KeyOf<NetworkChoice> network_name() {
    KeyOf<NetworkChoice> row = key("kind", &NetworkChoice::name,
                                   "which network: name in configs/networks, or path of a network file");
    row.key.kind = Kind::kChoice;
    row.key.choices = words_of<NetworkKind>();
    for (const std::string& name : names_of("networks"))
        if (!choice_of<NetworkKind>(name)) row.key.choices.push_back(name);
    row.key.or_path = true;
    row.read = [](NetworkChoice& n, const Found& found, const Key&) {
        const size_t before = found.problems.count();
        n.name = config_name(found, "networks", "network");
        if (found.problems.count() == before) n.kind = load_network_spec(n.name).kind;
    };
    return row.required();
}

KeyOf<NetworkChoice> type_names() {
    return {.key = {.name = "types",
                    .kind = Kind::kMapOf,
                    .doc = "file: what the cell types that the file names are: {name: E, PV, SST or VIP}",
                    .choices = {kCellTypeNames.begin(), kCellTypeNames.end()},
                    .element = Kind::kChoice},
            .read =
                [](NetworkChoice& n, const Found& found, const Key&) {
                    for (const auto& item : found.node) n.types[item.first.Scalar()] = item.second.Scalar();
                },
            .write =
                [](YAML::Emitter& out, const NetworkChoice& n, const Key&) {
                    out << YAML::BeginMap;
                    for (const auto& [name, type] : n.types)
                        out << YAML::Key << YAML::DoubleQuoted << name << YAML::Value << type;
                    out << YAML::EndMap;
                },
            .given = [](const NetworkChoice& n) { return !n.types.empty(); }};
}

// Every parameter of the model, by its whole path.
KeyOf<Scenario> overrides() {
    KeyOf<Scenario> row = texts("overrides", &Scenario::overrides,
                                "model parameters of this run, by path (see: respine list parameters)");
    row.key.kind = Kind::kMap;
    row.key.nested = parameter_table();
    return row;
}

KeyOf<Scenario> hypothesis() {
    KeyOf<Scenario> row =
        config_key("hypothesis", &Scenario::hypothesis, "hypotheses",
                   "rival account of how the drug works: name in configs/hypotheses, or path");
    row.key.required = false;
    return row.written_if([](const Scenario& s) { return !s.hypothesis.empty(); });
}

Keys<Scenario> record_keys() {
    return {
        key("history", &Scenario::history, "least interval between history rows").in("min", 1.0 / 60, 1e6),
        key("snapshots", &Scenario::snapshots, "times of whole-state snapshots")
            .in("d", -kMostTime, kMostTime),
        key("synapse_events", &Scenario::synapse_events, "every formation and elimination"),
    };
}

Keys<Scenario> imaging_keys() {
    return {
        key("sessions", &Scenario::sessions, "session times").in("d", -kMostTime, kMostTime).required(),
        key("dendrites", &Scenario::dendrites, "dendrites in view").between(1, 1e6),
    };
}

Keys<CoordinationChoice> coordination_keys() {
    return {
        key("sessions", &CoordinationChoice::sessions, "times of it")
            .in("d", -kMostTime, kMostTime)
            .required(),
        key("probes", &CoordinationChoice::probes, "random probes; more make the standard errors smaller")
            .between(2, 10000),
        key("ensembles", &CoordinationChoice::ensembles, "ensembles in each region").between(1, 1000),
        key("ensemble", &CoordinationChoice::ensemble, "share of a region's pyramidal cells in an ensemble")
            .in("1", 0.001, 0.5),
    };
}

Keys<Scenario> structure_keys() {
    return {
        key("rule", &Scenario::structure,
            "equilibrium of each neuron, Butz-van Ooyen elements, or no change"),
        key("needs_deficit", &Scenario::needs_deficit, "false lets the gain act without a deficit"),
    };
}

Keys<Scenario> severity_keys() {
    return {
        key("severity", &Scenario::severity, "0 healthy, 1 the reference stress").in("1", 0, 3).required()};
}

Keys<Scenario> cohort_keys() {
    return {key("subjects", &Scenario::cohort, "number of subjects").between(2, 1e6).required()};
}

// The place is kept for what can be said only when drugs and network are known.
const Keys<Mechanism>& mechanism_keys() {
    static const Keys<Mechanism> keys = {
        key("name", &Mechanism::name, "of its state: small letters, digits and _").required(),
        key("title", &Mechanism::title, "a few words for figures; the name without it").quoted(),
        key("unit", &Mechanism::unit, "of its state, such as uM or fold; 1 without it").quoted(),
        key("of", &Mechanism::of, "who has a state: each pyramidal cell, or the subject"),
        texts("constants", &Mechanism::constants, "numbers that the formulas use: {name: value with unit}"),
        key("production", &Mechanism::production, "formula: what is made, in its unit a time")
            .required()
            .quoted(),
        key("decay", &Mechanism::decay, "formula: share that is lost, 1 a time").required().quoted(),
        key("initial", &Mechanism::initial,
            "formula: first value; without it where the state rests without drug")
            .quoted(),
        key("acts_on", &Mechanism::acts_on, "what of the chain it scales"),
        key("factor", &Mechanism::factor, "formula: by how much").quoted(),
        key("mark", &Mechanism::mark, "of trust, such as A for assumed").quoted(),
        key("ref", &Mechanism::reference, "where its numbers come from").quoted(),
    };
    return keys;
}

KeyOf<Scenario> mechanisms() {
    return list<Scenario, Mechanism>("mechanisms", &Scenario::mechanisms, mechanism_keys(),
                                     "first-order states of your own that act on the chain",
                                     [](Mechanism& m, const Found& found) {
                                         m.line = found.place().line;
                                         m.column = found.place().column;
                                     })
        .written_if([](const Scenario& s) { return !s.mechanisms.empty(); });
}

}  // namespace

std::string absolute_path(const std::string& name, const std::string& file) {
    return std::filesystem::absolute(std::filesystem::path(file).parent_path() / name)
        .lexically_normal()
        .string();
}

std::string config_name(const Found& found, const std::string& kind, const std::string& key) {
    const std::string name = found.node.Scalar();
    if (is_path(name)) {
        const std::string path = absolute_path(name, found.file);
        if (!std::filesystem::is_regular_file(path))
            found.problems.add(found.place(), "'{}': no such file: {}", found.path, path);
        return path;
    }
    const std::vector<std::string> known = names_of(kind);
    if (std::find(known.begin(), known.end(), name) != known.end()) return name;
    const bool own = std::filesystem::is_regular_file(
        absolute_path(name + ".yaml", found.file));  // never taken silently: it might hide one of ours
    const std::string meant =
        own ? "; did you mean the file beside it, './" + name + ".yaml'?" : suggestion(name, known);
    found.problems.add(found.place(), "'{}': no {} '{}'{} (see: respine list {})", found.path, key, name,
                       meant, kind);
    return name;
}

const Keys<NetworkChoice>& network_choice_keys() {
    const auto sized = [](const NetworkChoice& n) { return n.is_sized(); };
    const auto counted = [](const NetworkChoice& n) { return n.kind == NetworkKind::kMicrocircuit; };
    const auto imported = [](const NetworkChoice& n) { return n.kind == NetworkKind::kFile; };
    static const Keys<NetworkChoice> keys = {
        network_name(),
        key("neurons", &NetworkChoice::neurons, "number of neurons (not microcircuit, file)")
            .between(20, kMostOfAll)
            .needed_if(sized),
        key("synapses_per_neuron", &NetworkChoice::synapses_per_neuron,
            "healthy in-degree (not microcircuit, file)")
            .between(5, 30000)
            .needed_if(sized),
        key("scale", &NetworkChoice::scale,
            "microcircuit: share of the neurons; in-degrees stay as published")
            .in("1", 0.005, 1)
            .needed_if(counted),
        path_key("file", &NetworkChoice::file,
                 "file: GraphML, CSV edge list with columns source,target, SONATA edges (.h5) or circuit "
                 "(.json)")
            .needed_if(imported),
        path_key("nodes", &NetworkChoice::nodes,
                 "file: CSV of neurons with columns id and optional type,x,y,z, or SONATA nodes (.h5)")
            .only_if(imported),
        path_key("node_types", &NetworkChoice::node_types,
                 "file: SONATA table of node types, separated by spaces")
            .only_if(imported),
        type_names().only_if(imported),
    };
    return keys;
}

const Keys<Scenario>& scenario_keys() {
    static const Keys<Scenario> keys = {
        key("name", &Scenario::name, "short name, used for files and tables").required().quoted(),
        key("title", &Scenario::title, "one sentence for figures and lists; the name without it").quoted(),
        config_key("model", &Scenario::model, "models",
                   "species: name in configs/models, or path of a model file"),
        hypothesis(),
        key("start", &Scenario::start, "begin of the run, on the clock of treatments, snapshots and sessions")
            .in("d", -400, kMostTime)
            .required(),
        key("duration", &Scenario::duration, "length of the run").in("d", 1.0 / 1440, kMostTime).required(),
        key("seed", &Scenario::seed, "of every random number").between(0, 9007199254740991.0),
        part("network", &Scenario::network, network_choice_keys(), "which neurons and synapses").required(),
        group("stress", severity_keys(), "chronic stress").required(),
        key("genotype", &Scenario::genotype, "BDNF Val66Met"),
        key("inflammation", &Scenario::inflammation, "0 none, 1 strong").in("1", 0, 1),
        key("magnesium", &Scenario::magnesium, "extracellular magnesium").in("mM", 0, 10),
        key("weight", &Scenario::weight, "body weight, instead of the model's").in("kg", 0.005, 300),
        key("subject", &Scenario::subject, "0 the typical subject, k the k-th drawn one").between(0, 1e6),
        group("cohort", cohort_keys(), "run this many drawn subjects").written_if([](const Scenario& s) {
            return s.cohort > 0;
        }),
        key("expectation", &Scenario::expectation, "whether a treated subject shows the placebo response"),
        key("integrator", &Scenario::integrator,
            "fast network: relaxed at each slow step, or stepped in milliseconds"),
        group("structure", structure_keys(), "how spines come and go"),
        list<Scenario, Treatment>("treatments", &Scenario::treatments, treatment_keys(), "what is given",
                                  check_treatment),
        dosing_key(),
        subjects_key(),
        persons_key(),
        mechanisms(),
        group("record", record_keys(), "what is written"),
        group("imaging", imaging_keys(), "virtual two-photon imaging").written_if([](const Scenario& s) {
            return !s.sessions.empty();
        }),
        part("coordination", &Scenario::coordination, coordination_keys(),
             "correlations, dimensionality and ensembles, by linear response")
            .written_if([](const Scenario& s) { return !s.coordination.sessions.empty(); }),
        key("member", &Scenario::member, "of an ensemble, whose numbers the overrides are")
            .between(0, 1e6)
            .written_if([](const Scenario& s) { return s.member > 0; }),
        overrides(),
        texts("numbers", &Scenario::numbers,
              "numbers of drug files and of the network file in this run: {drugs.NAME.PATH: value, "
              "wiring.PATH: value} (see: respine list numbers)"),
    };
    return keys;
}

}  // namespace respine
