#include "sim/io/yaml/scenario_yaml.hpp"

#include <algorithm>

#include "sim/io/yaml/scenario_keys.hpp"
#include "sim/io/yaml/scenario_settings.hpp"
#include "sim/system/library.hpp"

namespace respine {

std::string kind_of_file(const YAML::Node& root) {
    constexpr std::pair<const char*, const char*> kSigns[] = {
        {"outcomes", "study"},        {"design", "study"},          {"arms", "study"},
        {"replicates", "study"},      {"held_back", "calibration"}, {"global", "calibration"},
        {"local", "calibration"},     {"species", "model"},         {"claim", "hypothesis"},
        {"infer", "inference"},       {"based_on", "model"},        {"molar_mass", "drug"},
        {"pharmacokinetics", "drug"}, {"duration", "scenario"}};
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
                            : kind == "inference"   ? "; run it with: respine infer "
                            : kind == "hypothesis"  ? "; check it with: respine check "
                                                    : "";
    fail(Exit::kUsage, "{}:1:1: error: this is the file of a {}, not of a {}{}", doc.file, kind, wanted,
         use.empty() ? "; it is checked with the scenarios that name it" : use + doc.file);
}

namespace {

void check_times(const Scenario& s, const YAML::Node& root, Problems& problems) {
    const auto inside = [&](const YAML::Node& node, const char* what, const std::vector<Tick>& times) {
        for (Tick t : times)
            if (t < s.start || t > s.end())
                problems.add(place_of(node, s.file, what), "the {} at {} lies outside the run ({} to {})",
                             what, time_text(t), time_text(s.start), time_text(s.end()));
    };
    const size_t listed = root["treatments"] ? root["treatments"].size() : 0;  // the others are of a table
    for (size_t k = 0; k < s.treatments.size(); ++k)
        inside(k < listed ? root["treatments"][k] : root["dosing"], "treatment", s.treatments[k].at);
    if (root["record"]) inside(root["record"]["snapshots"], "snapshot", s.snapshots);
    if (root["imaging"]) inside(root["imaging"]["sessions"], "imaging session", s.sessions);
    if (root["coordination"])
        inside(root["coordination"]["sessions"], "session of coordination", s.coordination.sessions);
    if (!s.coordination.sessions.empty() && s.cohort > 0)
        problems.add(
            place_of(root["coordination"], s.file, "coordination"),
            "'coordination' is of one run, and a cohort keeps none of its subjects' networks; leave it "
            "out, or run one of them (subject: 1)");
}

void check_network(const Scenario& s, const Found& map) {
    const NetworkChoice& n = s.network;
    const std::string use = fmt::format("kind {}", n.name);
    check_use(n, network_choice_keys(), map, "network of " + use, use);
    if (n.is_sized() && map.node["neurons"] && n.synapses_per_neuron >= n.neurons)
        map.problems.add(map.place(), "{} synapses per neuron do not fit {} neurons", n.synapses_per_neuron,
                         n.neurons);
}

void sort_times(std::vector<Tick>& times) {
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
}

// Applies settings to a document and checks it against the table of keys.
void check_keys(YamlDocument& doc, const Settings& settings) {
    if (!doc.root.IsMap())
        fail(Exit::kUsage, "{}:1:1: error: a scenario is a map of keys, such as name: example", doc.file);
    need_kind(doc, "scenario");
    Problems duplicates;  // --set would write into the first of two equal keys
    check_map(doc.root, scenario_table(), "", doc.file, duplicates);
    duplicates.throw_if_any(Exit::kUsage);
    Problems problems;
    for (const auto& [path, value] : settings) apply_setting(doc.root, path, value, problems);
    check_map(doc.root, scenario_table(), "", doc.file, problems);
    problems.throw_if_any(Exit::kUsage);
}

}  // namespace

const Table& scenario_table() {
    static const Table table = table_of(scenario_keys());
    return table;
}

Scenario load_scenario(const std::string& name, const Settings& settings) {
    return read_scenario(load_yaml(find_config("scenarios", name, "")), settings);
}

Scenario read_scenario(YamlDocument doc, const Settings& settings) {
    check_keys(doc, settings);
    Problems problems;
    Scenario s;
    s.file = doc.file;
    const Found root{doc.root, "", s.file, problems};
    read_keys(s, scenario_keys(), root);
    if (s.title.empty()) s.title = s.name;
    if (s.name.find_first_of("/\n") != std::string::npos)
        problems.add(place_of(doc.root["name"], s.file, "name"),
                     "'name' becomes a file name: it must hold no '/' and stand on one line");
    leave_cohort(s, doc.root, settings, problems);
    sort_times(s.snapshots);
    sort_times(s.sessions);
    sort_times(s.coordination.sessions);
    leave_times(s, settings);
    check_times(s, doc.root, problems);
    check_policies(s, doc.root["treatments"], problems);
    check_persons(s, root);
    keep_own_treatments(s, root);
    check_network(s, root.inner(doc.root["network"], "network"));
    problems.throw_if_any(Exit::kUsage);
    return s;
}

std::string time_text(Tick t) {
    if (t == 0) return "0 d";
    if (t % kDay == 0) return fmt::format("{} d", t / kDay);
    if (t % kHour == 0) return fmt::format("{} h", t / kHour);
    if (t % kMinute == 0) return fmt::format("{} min", t / kMinute);
    return fmt::format("{} s", t);
}

std::string resolved_yaml(const Scenario& s) {
    YAML::Emitter out;
    write_keys(out, s, scenario_keys());
    return std::string(out.c_str()) + "\n";
}

}  // namespace respine
