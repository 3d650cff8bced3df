// A scenario as text: the resolved form, with every key written out.

#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

std::string time_text(Tick t) {
    if (t == 0) return "0 d";
    if (t % kDay == 0) return fmt::format("{} d", t / kDay);
    if (t % kHour == 0) return fmt::format("{} h", t / kHour);
    if (t % kMinute == 0) return fmt::format("{} min", t / kMinute);
    return fmt::format("{} s", t);
}

std::string resolved_yaml(const Scenario& s) {
    YAML::Emitter out;
    const auto times = [&](const std::vector<Tick>& list) {
        out << YAML::Flow << YAML::BeginSeq;
        for (Tick t : list) out << time_text(t);
        out << YAML::EndSeq;
    };
    const auto pair = [&](const char* key, const std::string& value) {
        out << YAML::Key << key << YAML::Value << value;
    };
    const auto number = [&](const char* key, double value) {
        out << YAML::Key << key << YAML::Value << fmt::format("{}", value);
    };
    const auto boolean = [&](const char* key, bool value) {
        out << YAML::Key << key << YAML::Value << value;
    };
    const char* const genotypes[] = {"val/val", "val/met", "met/met"};
    const char* const rules[] = {"equilibrium", "growth_rule", "fixed"};

    out << YAML::BeginMap;
    out << YAML::Key << "name" << YAML::Value << YAML::DoubleQuoted << s.name;
    out << YAML::Key << "title" << YAML::Value << YAML::DoubleQuoted << s.title;
    pair("model", s.model);
    pair("start", time_text(s.start));
    pair("duration", time_text(s.duration));
    out << YAML::Key << "seed" << YAML::Value << s.seed;
    out << YAML::Key << "network" << YAML::Value << YAML::BeginMap;
    pair("kind", s.network.kind);
    if (s.network.neurons) out << YAML::Key << "neurons" << YAML::Value << s.network.neurons;
    if (s.network.synapses_per_neuron)
        out << YAML::Key << "synapses_per_neuron" << YAML::Value << s.network.synapses_per_neuron;
    if (s.network.kind == "microcircuit") number("scale", s.network.scale);
    if (!s.network.file.empty()) pair("file", s.network.file);
    if (!s.network.nodes.empty()) pair("nodes", s.network.nodes);
    if (!s.network.node_types.empty()) pair("node_types", s.network.node_types);
    if (!s.network.types.empty()) {
        out << YAML::Key << "types" << YAML::Value << YAML::BeginMap;
        for (const auto& [name, type] : s.network.types)
            out << YAML::Key << YAML::DoubleQuoted << name << YAML::Value << type;
        out << YAML::EndMap;
    }
    out << YAML::EndMap;
    out << YAML::Key << "stress" << YAML::Value << YAML::BeginMap;
    number("severity", s.severity);
    out << YAML::EndMap;
    pair("genotype", genotypes[static_cast<size_t>(s.genotype)]);
    number("inflammation", s.inflammation);
    pair("magnesium", fmt::format("{} mM", s.magnesium));
    if (s.weight) pair("weight", fmt::format("{} kg", *s.weight));
    out << YAML::Key << "subject" << YAML::Value << s.subject;
    if (s.cohort)
        out << YAML::Key << "cohort" << YAML::Value << YAML::BeginMap << YAML::Key << "subjects"
            << YAML::Value << s.cohort << YAML::EndMap;
    boolean("expectation", s.expectation);
    pair("integrator", s.integrator == Integrator::kExplicit ? "explicit" : "relaxed");
    out << YAML::Key << "structure" << YAML::Value << YAML::BeginMap;
    pair("rule", rules[static_cast<size_t>(s.structure)]);
    boolean("needs_deficit", s.needs_deficit);
    out << YAML::EndMap;
    out << YAML::Key << "treatments" << YAML::Value << YAML::BeginSeq;
    for (const Treatment& t : s.treatments) {
        out << YAML::BeginMap;
        pair("drug", t.drug);
        pair("route", t.route);
        const bool tool = t.route == "window" || t.route == "bath";
        if (!tool) pair("dose", fmt::format("{} {}", t.dose, t.per_kg ? "mg/kg" : "mg"));
        if (t.route == "bath") pair("concentration", fmt::format("{} uM", t.bath));
        if (tool || t.over > 0) pair(tool ? "for" : "over", time_text(t.over));
        out << YAML::Key << "at" << YAML::Value;
        times(t.at);
        out << YAML::EndMap;
    }
    out << YAML::EndSeq;
    out << YAML::Key << "record" << YAML::Value << YAML::BeginMap;
    pair("history", time_text(s.history));
    out << YAML::Key << "snapshots" << YAML::Value;
    times(s.snapshots);
    boolean("synapse_events", s.synapse_events);
    out << YAML::EndMap;
    if (!s.sessions.empty()) {
        out << YAML::Key << "imaging" << YAML::Value << YAML::BeginMap << YAML::Key << "sessions"
            << YAML::Value;
        times(s.sessions);
        out << YAML::Key << "dendrites" << YAML::Value << s.dendrites << YAML::EndMap;
    }
    if (!s.overrides.empty()) {
        out << YAML::Key << "overrides" << YAML::Value << YAML::BeginMap;
        for (const auto& [path, value] : s.overrides) pair(path.c_str(), value);
        out << YAML::EndMap;
    }
    out << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

}  // namespace respine
