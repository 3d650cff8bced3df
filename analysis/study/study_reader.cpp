// Reads the specification of a study, with every problem at its place.

#include <algorithm>

#include "analysis/study/study_keys.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

struct StudyReader : StudyDraft {
    // A list of maps of one table, each given to `read` when it is sound: what is not, was told with the
    // whole document.
    template <class Read>
    void each(const char* key, const Table& table, const char* example, const Read& read) {
        const YAML::Node list = doc.root[key];
        if (!list || !list.IsSequence()) return;
        if (list.size() == 0) problems.add(at(list), "'{}' wants a list such as {}", key, example);
        for (size_t k = 0; k < list.size(); ++k) {
            const std::string path = fmt::format("{}[{}]", key, k);
            Problems own;
            check_map(list[k], table, path, doc.file, own);
            if (own.count() == 0) read(list[k], path);
        }
    }

    void read_arms() {
        const std::string scenario = read_text(doc.root, "scenario");
        spec.common = settings_in(doc.root["set"], "set");
        each("arms", arm_table(), "[{name: ketamine}]", [&](const YAML::Node& node, const std::string& path) {
            Arm arm{read_text(node, "name"), read_text(node, "scenario", scenario),
                    settings_in(node["set"], path + ".set")};
            if (std::any_of(spec.arms.begin(), spec.arms.end(),
                            [&](const Arm& a) { return a.name == arm.name; }))
                problems.add(at(node["name"]), "'{}.name': there are two arms '{}'", path, arm.name);
            spec.arms.push_back(std::move(arm));
        });
        if (!doc.root["arms"]) spec.arms.push_back({"all", scenario, {}});
        for (const Arm& arm : spec.arms)
            if (arm.scenario.empty())
                problems.add(at(doc.root), "'scenario' is missing, and arm '{}' names none", arm.name);
    }

    // Scenario and settings of every arm must load before any parameter moves.
    void check_arms() {
        bool loaded = true;
        for (const Arm& arm : spec.arms) {
            try {
                const Scenario s = load_scenario(arm.scenario, spec.settings_of(arm, {}));
                Model own = load_model(s.model, s.file, s.hypothesis);
                if (&arm == &spec.arms.front()) model = own;
            } catch (const Error& e) {
                problems.add(at(doc.root["arms"] ? doc.root["arms"] : doc.root), "arm '{}': {}", arm.name,
                             e.what());
                loaded = false;
            }
        }
        if (loaded) parameters = parameters_of(model);
    }

    bool read_design() {
        const YAML::Node design = doc.root["design"];
        if (!design) return true;
        if (!design.IsMap() || !design["kind"] || !design["kind"].IsScalar())
            return false;  // check_map has told
        const auto row = std::find_if(std::begin(kKinds), std::end(kKinds),
                                      [&](const KindRow& r) { return design["kind"].Scalar() == r.name; });
        if (row == std::end(kKinds)) return false;
        spec.kind = row->kind;
        for (const char* size : {"points", "trajectories", "blocks"}) {
            const bool own = size == std::string(row->size);
            if (design[size] && !own)
                problems.add(at(design[size]), "'design.{}' has no meaning for a {} design", size, row->name);
            if (!design[size] && own)
                problems.add(at(design), "'design.{}' is needed for a {} design", size, row->name);
            if (own) spec.points = static_cast<u32>(read_integer(design, size, 1));
        }
        spec.levels = static_cast<u32>(read_integer(design, "levels", 4));
        if (spec.levels % 2 != 0)
            problems.add(at(design["levels"]), "'design.levels' must be even, got {}", spec.levels);
        spec.design_seed = read_integer(design, "seed", 1);
        if (spec.kind != DesignKind::kGrid && !doc.root["parameters"])
            problems.add(at(design), "'parameters' is needed for a {} design: what moves", row->name);
        return true;
    }

    // What only runs of this study can tell: every outcome against a run, every value of every parameter
    // alone.
    void check_values() {
        for (const Arm& arm : spec.arms)
            for (const Factor& f : spec.factors) {
                std::vector<std::string> tried = f.values;
                if (tried.empty()) tried = {f.text_at(1e-3), f.text_at(1.0 - 1e-3)};
                for (const std::string& value : tried) try {
                        const Scenario s =
                            load_scenario(arm.scenario, spec.settings_of(arm, {{f.key, value}}));
                        Model own = load_model(s.model, s.file, s.hypothesis);
                        override_parameters(own, s);
                    } catch (const Error& e) {
                        problems.add(at(doc.root["parameters"]), "arm '{}', {} = {}: {}", arm.name, f.key,
                                     value, e.what());
                    }
            }
    }

    void check_name() {
        if (read_text(doc.root, "name").find_first_of("/\n") != std::string::npos)
            problems.add(at(doc.root["name"]),
                         "'name' becomes the name of a folder: it must hold no '/' and stand on one line");
    }

    void check_list() {
        if (spec.kind != DesignKind::kList) return;
        for (const Factor& f : spec.factors)
            if (f.values.size() != spec.factors[0].values.size())
                problems.add(
                    at(doc.root["parameters"]),
                    "a list design goes through all parameters side by side: '{}' has {} values, '{}' {}",
                    spec.factors[0].key, spec.factors[0].values.size(), f.key, f.values.size());
    }

    void read_axis() {
        spec.x = read_text(doc.root, "x");
        std::vector<std::string> axes;
        for (const OutcomeSpec& o : spec.outcomes) axes.push_back(o.name);
        for (const Factor& f : spec.factors) axes.push_back(f.key);
        if (!spec.x.empty() && std::find(axes.begin(), axes.end(), spec.x) == axes.end())
            problems.add(at(doc.root["x"]), "'x': there is no outcome or parameter '{}'{}", spec.x,
                         suggestion(spec.x, axes));
    }

    void read_plain_keys() {
        spec.file = doc.file;
        spec.text = doc.text;
        spec.name = read_text(doc.root, "name");
        spec.title = read_text(doc.root, "title", spec.name);
        spec.replicates = static_cast<u32>(read_integer(doc.root, "replicates", 1));
        spec.cohort = static_cast<u32>(read_integer(doc.root, "cohort", 0));
        spec.first_seed = read_integer(doc.root, "first_seed", 1);
        spec.own_seeds = read_text(doc.root, "seeds", "shared") == "own";
        if (const YAML::Node kept = doc.root["histories"]; kept && kept.IsSequence())
            for (const YAML::Node& name : kept) spec.histories.push_back(name.Scalar());
        const std::string keep = read_text(doc.root, "keep", "none");
        spec.keep = keep == "all" ? Keep::kAll : keep == "failed" ? Keep::kFailed : Keep::kNone;
    }

    StudySpec read() {
        check_map(doc.root, study_table(), "", doc.file, problems);
        if (!doc.root.IsMap()) problems.throw_if_any(Exit::kUsage);
        const size_t before = problems.count();
        read_arms();
        if (problems.count() == before) check_arms();
        const bool known_kind = read_design();
        if (problems.count() > before && (parameters.empty() || !known_kind))
            problems.throw_if_any(Exit::kUsage);  // the rest hangs on them
        each("parameters", factor_table(), "[{key: formation.gain}]",
             [&](const YAML::Node& n, const std::string& p) { read_factor(*this, n, p); });
        each("outcomes", outcome_table(), "[{name: bdnf_peak, quantity: bdnf, take: peak}]",
             [&](const YAML::Node& n, const std::string& p) { read_outcome(*this, n, p); });
        check_name();
        check_list();
        read_axis();
        problems.throw_if_any(Exit::kUsage);
        check_values();
        problems.throw_if_any(Exit::kUsage);
        read_plain_keys();
        return spec;
    }
};

}  // namespace

StudySpec load_study(const std::string& name) {
    return read_study(load_yaml(find_config("studies", name, "")));
}

StudySpec read_study(const YamlDocument& document) {
    need_kind(document, "study");
    return StudyReader{{.doc = document}}.read();
}

}  // namespace respine
