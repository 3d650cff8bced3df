// Reads the specification of a study, with every problem at its place.

#include <algorithm>
#include <cmath>

#include "analysis/study/study_keys.hpp"
#include "sim/io/yaml/model_yaml.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

// Every problem of a specification is collected here, with its place.
struct StudyReader {
    const YamlDocument& doc;
    Problems problems{};
    StudySpec spec{};
    std::vector<ParameterRow> parameters{};
    Model model{};  // of the first arm: units and ranges of belief

    Place at(const YAML::Node& node) const { return place_of(node, doc.file, ""); }

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

    // The seed of a point is that of its replicate, whatever its settings say.
    void refuse_seed(const YAML::Node& key, const std::string& path) {
        if (key.Scalar() == "seed")
            problems.add(
                at(key),
                "'{}': seeds come from 'first_seed' and 'replicates', so that arms and points share them",
                path);
    }

    Settings settings_in(const YAML::Node& map, const std::string& path) {
        Settings out;
        if (!map) return out;
        if (!map.IsMap()) {
            problems.add(at(map), "'{}' wants settings such as {{network.neurons: 500}}", path);
            return out;
        }
        for (const auto& entry : map) {
            refuse_seed(entry.first, path);
            YAML::Emitter text;
            text.SetMapFormat(YAML::Flow);
            text.SetSeqFormat(YAML::Flow);
            text << entry.second;
            out.emplace_back(entry.first.Scalar(),
                             entry.second.IsScalar() ? entry.second.Scalar() : text.c_str());
        }
        return out;
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
                Model own = load_model(s.model, s.file);
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

    void read_factor(const YAML::Node& node, const std::string& path) {
        Factor f;
        f.key = read_text(node, "key");
        f.label = read_text(node, "label", f.key);
        refuse_seed(node["key"], path + ".key");
        const auto row = std::find_if(parameters.begin(), parameters.end(),
                                      [&](const ParameterRow& r) { return r.path == f.key; });
        const std::string section = f.key.substr(0, f.key.find('.'));
        if (row == parameters.end() &&
            std::any_of(parameters.begin(), parameters.end(),
                        [&](const ParameterRow& r) { return r.path.starts_with(section + "."); })) {
            std::vector<std::string> known;
            for (const ParameterRow& r : parameters) known.push_back(r.path);
            problems.add(at(node["key"]),
                         "'{}.key': there is no parameter '{}'{} (see: respine list parameters)", path, f.key,
                         suggestion(f.key, known));
            return;
        }
        f.unit = read_text(node, "unit", row != parameters.end() ? std::string(row->unit) : "1");
        for (const Factor& other : spec.factors)
            if (other.key == f.key) problems.add(at(node["key"]), "'{}.key': '{}' moves twice", path, f.key);
        row_of(spec.kind).listed ? read_values(node, path, f)
                                 : read_law(node, path, row == parameters.end() ? nullptr : &*row, f);
        spec.factors.push_back(std::move(f));
    }

    // A plain number of a parameter whose `unit` stands beside its values.
    static std::string with_unit(const std::string& value, const YAML::Node& node) {
        const std::string unit = read_text(node, "unit", "1");
        return unit != "1" && parse_number(value) ? value + " " + unit : value;
    }

    void read_values(const YAML::Node& node, const std::string& path, Factor& f) {
        for (const char* key : {"law", "low", "high"})
            if (node[key])
                problems.add(at(node[key]), "'{}.{}' has no meaning for a {} design, which takes values",
                             path, key, spec.kind_name());
        const YAML::Node values = node["values"];
        if (!values || !values.IsSequence() || values.size() == 0) {
            problems.add(at(values ? values : node),
                         "'{}.values' wants a list such as [0.1 mg/kg, 0.5 mg/kg]", path);
            return;
        }
        bool words = false;
        for (const YAML::Node& v : values) {
            if (!v.IsScalar()) {
                problems.add(at(v), "'{}.values' wants plain values", path);
                return;
            }
            f.values.push_back(with_unit(v.Scalar(), node));
            const auto q = parse_quantity(f.values.back());
            words = words || !q;
            if (q && !node["unit"]) f.unit = q->unit;
        }
        if (words) f.unit.clear();
        f.base = with_unit(read_text(node, "base"), node);
        if (spec.kind == DesignKind::kOat && f.base.empty())
            problems.add(at(node), "'{}.base' is needed: the value while another parameter moves", path);
    }

    void read_law(const YAML::Node& node, const std::string& path, const ParameterRow* row, Factor& f) {
        for (const char* key : {"values", "base"})
            if (node[key])
                problems.add(at(node[key]), "'{}.{}' has no meaning for a {} design, which draws from a law",
                             path, key, spec.kind_name());
        const std::string law = read_text(node, "law", "uniform");
        f.law = std::find_if(std::begin(kPriors), std::end(kPriors), [&](const auto& l) {
                    return law == l.first;
                })->second;
        const auto end = [&](const char* key, double belief) {
            if (!node[key]) {
                if (!row)
                    problems.add(at(node),
                                 "'{}.{}' is needed: only parameters of the model have a range of belief",
                                 path, key);
                return belief;
            }
            const auto q = parse_quantity(node[key].Scalar());
            const auto value =
                q ? q->unit == "1" ? std::optional(q->value) : convert(*q, f.unit) : std::nullopt;
            if (!value)
                problems.add(at(node[key]), "'{}.{}' wants a quantity in {}, got '{}'", path, key, f.unit,
                             node[key].Scalar());
            return value.value_or(belief);
        };
        const Provenance belief = row ? model.provenance.at(row->path) : Provenance{};
        f.low = end("low", belief.low);
        f.high = end("high", belief.high);
        if (f.low >= f.high)
            problems.add(at(node), "'{}': low must lie below high, got {:g} and {:g}{}", path, f.low, f.high,
                         row && !node["low"] ? "; the model file gives no range of belief" : "");
        if ((f.law == Prior::kLogUniform || f.law == Prior::kLogNormal) && f.low <= 0.0)
            problems.add(at(node), "'{}': a {} law wants low above 0, got {:g}", path, law, f.low);
    }

    void read_outcome(const YAML::Node& node, const std::string& path) {
        OutcomeSpec o;
        o.name = read_text(node, "name");
        o.of = read_text(node, "of");
        o.against = read_text(node, "against");
        const auto take = std::find_if(kTakes.begin(), kTakes.end(),
                                       [&](const TakeRow& r) { return node["take"].Scalar() == r.name; });
        o.take = take->take;
        const std::string since = read_text(node, "since", kSince[0].first);
        o.since = std::find_if(std::begin(kSince), std::end(kSince), [&](const auto& row) {
                      return since == row.first;
                  })->second;
        o.from = read_quantity(node, "from", "h").value_or(0.0);
        o.to = read_quantity(node, "to", "h").value_or(HUGE_VAL);
        o.at = read_quantity(node, "at", "h").value_or(0.0);
        if (const YAML::Node level = node["level"]) {
            const auto q = level.IsScalar() ? parse_quantity(level.Scalar()) : std::nullopt;
            if (!q)
                problems.add(at(level),
                             "'{}.level' wants a number in the unit of '{}', or a quantity such as 0.5 uM",
                             path, o.of);
            o.level = q ? q->value : 0.0;
            o.level_unit = q && q->unit != "1" ? q->unit : "";
        }
        const bool imaging = o.take == Take::kImagingDensity || o.take == Take::kImagingFormation ||
                             o.take == Take::kImagingElimination;
        if (imaging && !o.of.empty())
            problems.add(at(node["of"]), "'{}.of' has no meaning for an imaging outcome", path);
        if (!imaging && o.of.empty()) problems.add(at(node), "'{}.of' is needed: what is observed", path);
        if (take->needs_at != node["at"].IsDefined())
            problems.add(at(node), "'{}.at' {} for '{}'", path,
                         take->needs_at ? "is needed" : "has no meaning", take->name);
        if (take->needs_level != node["level"].IsDefined())
            problems.add(at(node), "'{}.level' {} for '{}'", path,
                         take->needs_level ? "is needed" : "has no meaning", take->name);
        if (o.from >= o.to) problems.add(at(node), "'{}': from must lie before to", path);
        const std::vector<std::string> measures = graph_measures();
        if (o.take == Take::kGraph && std::find(measures.begin(), measures.end(), o.of) == measures.end())
            problems.add(at(node["of"]), "'{}.of': there is no measure '{}' of a graph{}", path, o.of,
                         suggestion(o.of, measures));
        std::vector<std::string> arms;
        for (const Arm& a : spec.arms) arms.push_back(a.name);
        if (!o.against.empty() && std::find(arms.begin(), arms.end(), o.against) == arms.end())
            problems.add(at(node["against"]), "'{}.against': there is no arm '{}'{}", path, o.against,
                         suggestion(o.against, arms));
        for (const OutcomeSpec& other : spec.outcomes)
            if (other.name == o.name)
                problems.add(at(node["name"]), "'{}.name': there are two outcomes '{}'", path, o.name);
        spec.outcomes.push_back(std::move(o));
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
                        Model own = load_model(s.model, s.file);
                        override_parameters(own, s);
                    } catch (const Error& e) {
                        problems.add(at(doc.root["parameters"]), "arm '{}', {} = {}: {}", arm.name, f.key,
                                     value, e.what());
                    }
            }
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
             [&](const YAML::Node& n, const std::string& p) { read_factor(n, p); });
        each("outcomes", outcome_table(), "[{name: bdnf_peak, of: bdnf, take: peak}]",
             [&](const YAML::Node& n, const std::string& p) { read_outcome(n, p); });
        const std::string name = read_text(doc.root, "name");
        if (name.find_first_of("/\n") != std::string::npos)
            problems.add(at(doc.root["name"]),
                         "'name' becomes the name of a folder: it must hold no '/' and stand on one line");
        if (spec.kind == DesignKind::kList)
            for (const Factor& f : spec.factors)
                if (f.values.size() != spec.factors[0].values.size())
                    problems.add(
                        at(doc.root["parameters"]),
                        "a list design goes through all parameters side by side: '{}' has {} values, '{}' {}",
                        spec.factors[0].key, spec.factors[0].values.size(), f.key, f.values.size());
        spec.x = read_text(doc.root, "x");
        std::vector<std::string> axes;
        for (const OutcomeSpec& o : spec.outcomes) axes.push_back(o.name);
        for (const Factor& f : spec.factors) axes.push_back(f.key);
        if (!spec.x.empty() && std::find(axes.begin(), axes.end(), spec.x) == axes.end())
            problems.add(at(doc.root["x"]), "'x': there is no outcome or parameter '{}'{}", spec.x,
                         suggestion(spec.x, axes));
        problems.throw_if_any(Exit::kUsage);
        check_values();
        problems.throw_if_any(Exit::kUsage);
        spec.file = doc.file;
        spec.text = doc.text;
        spec.name = name;
        spec.title = read_text(doc.root, "title", name);
        spec.replicates = static_cast<u32>(read_integer(doc.root, "replicates", 1));
        spec.cohort = static_cast<u32>(read_integer(doc.root, "cohort", 0));
        spec.first_seed = read_integer(doc.root, "first_seed", 1);
        const std::string keep = read_text(doc.root, "keep", "none");
        spec.keep = keep == "all" ? Keep::kAll : keep == "failed" ? Keep::kFailed : Keep::kNone;
        return spec;
    }
};

}  // namespace

StudySpec load_study(const std::string& name) {
    return read_study(load_yaml(find_config("studies", name, "")));
}

StudySpec read_study(const YamlDocument& document) {
    need_kind(document, "study");
    return StudyReader{.doc = document}.read();
}

}  // namespace respine
