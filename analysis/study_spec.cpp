#include "analysis/study_spec.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sim/io/library.hpp"
#include "sim/io/model_yaml.hpp"

namespace respine {

namespace {

struct KindRow {
    const char* name;
    DesignKind kind;
    bool listed;          // wants `values`, not a law
    const char* size;     // key of its size in `design`
};
constexpr KindRow kKinds[] = {
    {"grid", DesignKind::kGrid, true, ""},           {"list", DesignKind::kList, true, ""},           {"oat", DesignKind::kOat, true, ""},
    {"random", DesignKind::kRandom, false, "points"}, {"lhs", DesignKind::kLhs, false, "points"},      {"morris", DesignKind::kMorris, false, "trajectories"},
    {"sobol", DesignKind::kSobol, false, "blocks"},
};

const KindRow& row_of(DesignKind kind) {
    return *std::find_if(std::begin(kKinds), std::end(kKinds), [&](const KindRow& r) { return r.kind == kind; });
}

constexpr std::pair<const char*, Law> kLaws[] = {
    {"uniform", Law::kUniform}, {"log_uniform", Law::kLogUniform}, {"normal", Law::kNormal}, {"log_normal", Law::kLogNormal}};

std::vector<std::string> names(const auto& table) {
    std::vector<std::string> out;
    for (const auto& row : table) {
        if constexpr (requires { row.name; }) out.emplace_back(row.name);
        else out.emplace_back(row.first);
    }
    return out;
}

const Table& arm_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, shown in tables and figures"},
        {.name = "scenario", .doc = "scenario of this arm; that of the study without it"},
        {.name = "set", .kind = Kind::kAnything, .doc = "settings of this arm as for --set, {path: value}"},
    };
    return table;
}

const Table& factor_table() {
    static const Table table = {
        {.name = "key", .required = true, .doc = "what moves: a parameter of the model, or a path into the scenario, as for --set"},
        {.name = "label", .doc = "how tables and figures call it"},
        {.name = "unit", .doc = "unit of low and high; that of the parameter without it"},
        {.name = "values", .kind = Kind::kAnything, .doc = "grid, list, oat: the values in turn"},
        {.name = "base", .doc = "oat: the value while another parameter moves"},
        {.name = "law", .kind = Kind::kChoice, .doc = "distribution of random, lhs, morris and sobol; normal laws take low and high as their central 95 %", .choices = names(kLaws)},
        {.name = "low", .doc = "lower end; the range of belief of the parameter without it"},
        {.name = "high", .doc = "upper end"},
    };
    return table;
}

const Table& outcome_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "column of the results"},
        {.name = "of", .doc = "observable (see: respine list observables), or a measure of the graph"},
        {.name = "take", .kind = Kind::kChoice, .required = true, .doc = "what is read off it", .choices = names(kTakes)},
        {.name = "from", .kind = Kind::kQuantity, .units = "h", .doc = "start of the window; the first dose without it"},
        {.name = "to", .kind = Kind::kQuantity, .units = "h", .doc = "end of the window; the end of the run without it"},
        {.name = "at", .kind = Kind::kQuantity, .units = "h", .doc = "time of a value or an imaging session"},
        {.name = "level", .kind = Kind::kQuantity, .units = "1", .doc = "of first_above and first_below, in the observable's unit"},
        {.name = "against", .doc = "arm whose value is subtracted, of the same point and replicate"},
    };
    return table;
}

Key count_key(const char* name, double low, double high, const char* doc) { return {.name = name, .kind = Kind::kInteger, .low = low, .high = high, .doc = doc}; }

u64 count_in(const YAML::Node& map, const char* key, u64 absent) { return map && map[key] ? static_cast<u64>(*parse_number(map[key].Scalar())) : absent; }

// Every problem of a specification is collected here, with its place.
struct StudyReader {
    const YamlDocument& doc;
    Problems problems{};
    StudySpec spec{};
    std::vector<ParameterRow> parameters{};
    Model model{};  // of the first arm: units and ranges of belief

    Place at(const YAML::Node& node) const { return place_of(node, doc.file, ""); }

    // A list of maps of one table, each given to `read` when it is sound.
    template <class Read>
    void each(const char* key, const Table& table, const char* example, const Read& read) {
        const YAML::Node list = doc.root[key];
        if (!list) return;
        if (!list.IsSequence() || list.size() == 0) {
            problems.add(at(list), "'{}' wants a list such as {}", key, example);
            return;
        }
        for (size_t k = 0; k < list.size(); ++k) {
            const std::string path = fmt::format("{}[{}]", key, k);
            const size_t before = problems.count();
            check_map(list[k], table, path, doc.file, problems);
            if (problems.count() == before) read(list[k], path);
        }
    }

    Settings settings_in(const YAML::Node& map, const std::string& path) {
        Settings out;
        if (!map) return out;
        if (!map.IsMap()) {
            problems.add(at(map), "'{}' wants settings such as {{network.neurons: 500}}", path);
            return out;
        }
        for (const auto& entry : map) {
            YAML::Emitter text;
            text.SetMapFormat(YAML::Flow);
            text.SetSeqFormat(YAML::Flow);
            text << entry.second;
            out.emplace_back(entry.first.Scalar(), entry.second.IsScalar() ? entry.second.Scalar() : text.c_str());
        }
        return out;
    }

    void read_arms() {
        const std::string scenario = read_text(doc.root, "scenario");
        spec.common = settings_in(doc.root["set"], "set");
        each("arms", arm_table(), "[{name: ketamine}]", [&](const YAML::Node& node, const std::string& path) {
            Arm arm{read_text(node, "name"), read_text(node, "scenario", scenario), settings_in(node["set"], path + ".set")};
            if (std::any_of(spec.arms.begin(), spec.arms.end(), [&](const Arm& a) { return a.name == arm.name; }))
                problems.add(at(node["name"]), "'{}.name': there are two arms '{}'", path, arm.name);
            spec.arms.push_back(std::move(arm));
        });
        if (!doc.root["arms"]) spec.arms.push_back({"all", scenario, {}});
        for (const Arm& arm : spec.arms)
            if (arm.scenario.empty()) problems.add(at(doc.root), "'scenario' is missing, and arm '{}' names none", arm.name);
    }

    // Scenario and settings of every arm must load before any parameter moves.
    void check_arms() {
        for (const Arm& arm : spec.arms) {
            try {
                const Scenario s = load_scenario(arm.scenario, spec.settings_of(arm, {}));
                Model own = load_model(s.model, s.file);
                if (&arm == &spec.arms.front()) model = own;
            } catch (const Error& e) {
                problems.add(at(doc.root["arms"] ? doc.root["arms"] : doc.root), "arm '{}': {}", arm.name, e.what());
            }
        }
        parameters = parameters_of(model);
    }

    void read_design() {
        const YAML::Node design = doc.root["design"];
        if (!design || !design.IsMap() || !design["kind"] || !design["kind"].IsScalar()) return;  // check_map has told
        const auto row = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const KindRow& r) { return design["kind"].Scalar() == r.name; });
        if (row == std::end(kKinds)) return;
        spec.kind = row->kind;
        for (const char* size : {"points", "trajectories", "blocks"}) {
            const bool own = size == std::string(row->size);
            if (design[size] && !own) problems.add(at(design[size]), "'design.{}' has no meaning for a {} design", size, row->name);
            if (!design[size] && own) problems.add(at(design), "'design.{}' is needed for a {} design", size, row->name);
            if (own) spec.points = static_cast<u32>(count_in(design, size, 1));
        }
        spec.levels = static_cast<u32>(count_in(design, "levels", 4));
        if (spec.levels % 2 != 0) problems.add(at(design["levels"]), "'design.levels' must be even, got {}", spec.levels);
        spec.design_seed = count_in(design, "seed", 1);
    }

    void read_factor(const YAML::Node& node, const std::string& path) {
        Factor f;
        f.key = read_text(node, "key");
        f.label = read_text(node, "label", f.key);
        const auto row = std::find_if(parameters.begin(), parameters.end(), [&](const ParameterRow& r) { return r.path == f.key; });
        const std::string section = f.key.substr(0, f.key.find('.'));
        if (row == parameters.end() && std::any_of(parameters.begin(), parameters.end(), [&](const ParameterRow& r) { return r.path.starts_with(section + "."); })) {
            std::vector<std::string> known;
            for (const ParameterRow& r : parameters) known.push_back(r.path);
            problems.add(at(node["key"]), "'{}.key': there is no parameter '{}'{} (see: respine list parameters)", path, f.key, suggestion(f.key, known));
            return;
        }
        f.unit = read_text(node, "unit", row != parameters.end() ? std::string(row->unit) : "1");
        for (const Factor& other : spec.factors)
            if (other.key == f.key) problems.add(at(node["key"]), "'{}.key': '{}' moves twice", path, f.key);
        row_of(spec.kind).listed ? read_values(node, path, f) : read_law(node, path, row == parameters.end() ? nullptr : &*row, f);
        spec.factors.push_back(std::move(f));
    }

    void read_values(const YAML::Node& node, const std::string& path, Factor& f) {
        for (const char* key : {"law", "low", "high"})
            if (node[key]) problems.add(at(node[key]), "'{}.{}' has no meaning for a {} design, which takes values", path, key, spec.kind_name());
        const YAML::Node values = node["values"];
        if (!values || !values.IsSequence() || values.size() == 0) {
            problems.add(at(values ? values : node), "'{}.values' wants a list such as [0.1 mg/kg, 0.5 mg/kg]", path);
            return;
        }
        bool words = false;
        for (const YAML::Node& v : values) {
            if (!v.IsScalar()) {
                problems.add(at(v), "'{}.values' wants plain values", path);
                return;
            }
            f.values.push_back(v.Scalar());
            const auto q = parse_quantity(v.Scalar());
            words = words || !q;
            if (q && !node["unit"]) f.unit = q->unit;
        }
        if (words) f.unit.clear();
        f.base = read_text(node, "base");
        if (spec.kind == DesignKind::kOat && f.base.empty()) problems.add(at(node), "'{}.base' is needed: the value while another parameter moves", path);
    }

    void read_law(const YAML::Node& node, const std::string& path, const ParameterRow* row, Factor& f) {
        for (const char* key : {"values", "base"})
            if (node[key]) problems.add(at(node[key]), "'{}.{}' has no meaning for a {} design, which draws from a law", path, key, spec.kind_name());
        const std::string law = read_text(node, "law", "uniform");
        f.law = std::find_if(std::begin(kLaws), std::end(kLaws), [&](const auto& l) { return law == l.first; })->second;
        const auto end = [&](const char* key, double belief) {
            if (!node[key]) {
                if (!row) problems.add(at(node), "'{}.{}' is needed: only parameters of the model have a range of belief", path, key);
                return belief;
            }
            const auto q = parse_quantity(node[key].Scalar());
            const auto value = q ? q->unit == "1" ? std::optional(q->value) : convert(*q, f.unit) : std::nullopt;
            if (!value) problems.add(at(node[key]), "'{}.{}' wants a quantity in {}, got '{}'", path, key, f.unit, node[key].Scalar());
            return value.value_or(belief);
        };
        const Provenance belief = row ? model.provenance.at(row->path) : Provenance{};
        f.low = end("low", belief.low);
        f.high = end("high", belief.high);
        if (f.low >= f.high) problems.add(at(node), "'{}': low must lie below high, got {:g} and {:g}{}", path, f.low, f.high, row && !node["low"] ? "; the model file gives no range of belief" : "");
        if ((f.law == Law::kLogUniform || f.law == Law::kLogNormal) && f.low <= 0.0) problems.add(at(node), "'{}': a {} law wants low above 0, got {:g}", path, law, f.low);
    }

    void read_outcome(const YAML::Node& node, const std::string& path) {
        OutcomeSpec o;
        o.name = read_text(node, "name");
        o.of = read_text(node, "of");
        o.against = read_text(node, "against");
        const auto take = std::find_if(kTakes.begin(), kTakes.end(), [&](const TakeRow& r) { return node["take"].Scalar() == r.name; });
        o.take = take->take;
        o.from = read_quantity(node, "from", "h").value_or(0.0);
        o.to = read_quantity(node, "to", "h").value_or(1e9);
        o.at = read_quantity(node, "at", "h").value_or(0.0);
        o.level = read_quantity(node, "level", "1").value_or(0.0);
        const bool imaging = o.take == Take::kImagingDensity || o.take == Take::kImagingFormation || o.take == Take::kImagingElimination;
        if (imaging && !o.of.empty()) problems.add(at(node["of"]), "'{}.of' has no meaning for an imaging outcome", path);
        if (!imaging && o.of.empty()) problems.add(at(node), "'{}.of' is needed: what is observed", path);
        if (take->needs_at != node["at"].IsDefined()) problems.add(at(node), "'{}.at' {} for '{}'", path, take->needs_at ? "is needed" : "has no meaning", take->name);
        if (take->needs_level != node["level"].IsDefined()) problems.add(at(node), "'{}.level' {} for '{}'", path, take->needs_level ? "is needed" : "has no meaning", take->name);
        if (o.from >= o.to) problems.add(at(node), "'{}': from must lie before to", path);
        const std::vector<std::string> measures = graph_measures();
        if (o.take == Take::kGraph && std::find(measures.begin(), measures.end(), o.of) == measures.end())
            problems.add(at(node["of"]), "'{}.of': there is no measure '{}' of a graph{}", path, o.of, suggestion(o.of, measures));
        std::vector<std::string> arms;
        for (const Arm& a : spec.arms) arms.push_back(a.name);
        if (!o.against.empty() && std::find(arms.begin(), arms.end(), o.against) == arms.end())
            problems.add(at(node["against"]), "'{}.against': there is no arm '{}'{}", path, o.against, suggestion(o.against, arms));
        for (const OutcomeSpec& other : spec.outcomes)
            if (other.name == o.name) problems.add(at(node["name"]), "'{}.name': there are two outcomes '{}'", path, o.name);
        spec.outcomes.push_back(std::move(o));
    }

    // What only runs of this study can tell: every outcome against a run, every value of every parameter alone.
    void check_values() {
        for (const Arm& arm : spec.arms)
            for (const Factor& f : spec.factors) {
                std::vector<std::string> tried = f.values;
                if (tried.empty()) tried = {f.text_at(1e-3), f.text_at(1.0 - 1e-3)};
                for (const std::string& value : tried) try {
                        const Scenario s = load_scenario(arm.scenario, spec.settings_of(arm, {{f.key, value}}));
                        Model own = load_model(s.model, s.file);
                        override_parameters(own, s);
                    } catch (const Error& e) {
                        problems.add(at(doc.root["parameters"]), "arm '{}', {} = {}: {}", arm.name, f.key, value, e.what());
                    }
            }
    }

    StudySpec read() {
        check_map(doc.root, study_table(), "", doc.file, problems);
        if (!doc.root.IsMap()) problems.throw_if_any(Exit::kUsage);
        read_arms();
        problems.throw_if_any(Exit::kUsage);
        check_arms();
        read_design();
        problems.throw_if_any(Exit::kUsage);
        each("parameters", factor_table(), "[{key: formation.gain}]", [&](const YAML::Node& n, const std::string& p) { read_factor(n, p); });
        each("outcomes", outcome_table(), "[{name: bdnf_peak, of: bdnf, take: peak}]", [&](const YAML::Node& n, const std::string& p) { read_outcome(n, p); });
        const std::string name = read_text(doc.root, "name");
        if (name.find_first_of("/\n") != std::string::npos) problems.add(at(doc.root["name"]), "'name' becomes the name of a folder: it must hold no '/' and stand on one line");
        if (spec.kind == DesignKind::kList)
            for (const Factor& f : spec.factors)
                if (f.values.size() != spec.factors[0].values.size())
                    problems.add(at(doc.root["parameters"]), "a list design goes through all parameters side by side: '{}' has {} values, '{}' {}", spec.factors[0].key,
                                 spec.factors[0].values.size(), f.key, f.values.size());
        spec.x = read_text(doc.root, "x");
        std::vector<std::string> axes;
        for (const OutcomeSpec& o : spec.outcomes) axes.push_back(o.name);
        for (const Factor& f : spec.factors) axes.push_back(f.key);
        if (!spec.x.empty() && std::find(axes.begin(), axes.end(), spec.x) == axes.end())
            problems.add(at(doc.root["x"]), "'x': there is no outcome or parameter '{}'{}", spec.x, suggestion(spec.x, axes));
        problems.throw_if_any(Exit::kUsage);
        check_values();
        problems.throw_if_any(Exit::kUsage);
        spec.file = doc.file;
        spec.text = doc.text;
        spec.name = name;
        spec.title = read_text(doc.root, "title", name);
        spec.replicates = static_cast<u32>(count_in(doc.root, "replicates", 1));
        spec.first_seed = count_in(doc.root, "first_seed", 1);
        const std::string keep = read_text(doc.root, "keep", "none");
        spec.keep = keep == "all" ? Keep::kAll : keep == "failed" ? Keep::kFailed : Keep::kNone;
        return spec;
    }
};

}  // namespace

std::string Factor::text_at(double u) const {
    const double value = quantile(law, low, high, u);
    return unit == "1" ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
}

std::string StudySpec::kind_name() const { return row_of(kind).name; }

const Table& study_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, used for the work folder"},
        {.name = "title", .doc = "one sentence"},
        {.name = "scenario", .doc = "scenario that is varied, a name or a path"},
        {.name = "set", .kind = Kind::kAnything, .doc = "settings of every run as for --set, {path: value}"},
        {.name = "arms", .kind = Kind::kAnything, .doc = "list of {name, scenario, set}: drugs, schedules, knock-outs; each is crossed with all points"},
        {.name = "design",
         .kind = Kind::kMap,
         .required = true,
         .doc = "which points are run",
         .nested = {{.name = "kind", .kind = Kind::kChoice, .required = true, .doc = "of the design", .choices = names(kKinds)},
                    count_key("points", 1, 1e7, "random, lhs: number of points"),
                    count_key("trajectories", 2, 1e6, "morris: number of trajectories of k + 1 points"),
                    count_key("levels", 2, 100, "morris: levels of each parameter, even; 4 without it"),
                    count_key("blocks", 2, 1e6, "sobol: number of blocks of k + 2 points"), count_key("seed", 0, 1e15, "of the random draws of the design")}},
        {.name = "parameters", .kind = Kind::kAnything, .required = true, .doc = "what moves: list of {key, label, unit, values | law, low, high}"},
        count_key("replicates", 1, 1e6, "seeds of every point; arms and points share them"),
        count_key("first_seed", 0, 1e15, "the first of them"),
        {.name = "outcomes", .kind = Kind::kAnything, .required = true, .doc = "what is read off each run: list of {name, of, take, from, to, at, level, against}"},
        {.name = "x", .doc = "outcome or parameter on the horizontal axis of the figures; the first parameter without it"},
        {.name = "keep", .kind = Kind::kChoice, .doc = "which run files stay: none without it", .choices = {"all", "failed", "none"}},
    };
    return table;
}

StudySpec load_study(const std::string& name) { return read_study(load_yaml(find_config("studies", name, ""))); }

StudySpec read_study(const YamlDocument& document) { return StudyReader{.doc = document}.read(); }

Settings StudySpec::settings_of(const Arm& arm, const Settings& parameters) const {
    Settings out = common;
    out.insert(out.end(), parameters.begin(), parameters.end());
    out.insert(out.end(), arm.settings.begin(), arm.settings.end());
    return out;
}

Settings StudyPoint::settings(const StudySpec& spec) const {
    Settings parameters;
    for (size_t k = 0; k < values.size(); ++k) parameters.emplace_back(spec.factors[k].key, values[k]);
    Settings out = spec.settings_of(spec.arms[arm], parameters);
    out.emplace_back("seed", std::to_string(seed(spec)));
    return out;
}

StudyRows rows_of(const StudySpec& spec) {
    StudyRows rows;
    const size_t k = spec.factors.size();
    switch (spec.kind) {
        case DesignKind::kGrid: {
            std::vector<u32> counts;
            for (const Factor& f : spec.factors) counts.push_back(static_cast<u32>(f.values.size()));
            for (const auto& places : full_factorial(counts)) {
                rows.values.emplace_back();
                for (size_t f = 0; f < k; ++f) rows.values.back().push_back(spec.factors[f].values[places[f]]);
            }
            return rows;
        }
        case DesignKind::kList:
            for (size_t p = 0; p < spec.factors[0].values.size(); ++p) {
                rows.values.emplace_back();
                for (const Factor& f : spec.factors) rows.values.back().push_back(f.values[p]);
            }
            return rows;
        case DesignKind::kOat: {
            std::vector<std::string> base;
            for (const Factor& f : spec.factors) base.push_back(f.base);
            rows.values.push_back(base);
            for (size_t f = 0; f < k; ++f)
                for (const std::string& value : spec.factors[f].values) {
                    if (value == base[f]) continue;
                    rows.values.push_back(base);
                    rows.values.back()[f] = value;
                }
            return rows;
        }
        case DesignKind::kRandom: rows.unit = random_design(k, spec.points, spec.design_seed); break;
        case DesignKind::kLhs: rows.unit = latin_hypercube(k, spec.points, spec.design_seed); break;
        case DesignKind::kMorris: rows.unit = morris_design(k, spec.points, spec.levels, spec.design_seed); break;
        case DesignKind::kSobol: rows.unit = saltelli_design(k, spec.points); break;
    }
    for (const auto& u : rows.unit.rows) {
        rows.values.emplace_back();
        for (size_t f = 0; f < k; ++f) rows.values.back().push_back(spec.factors[f].text_at(u[f]));
    }
    return rows;
}

std::vector<StudyPoint> points_of(const StudySpec& spec, const StudyRows& rows) {
    std::vector<StudyPoint> points;
    for (u32 row = 0; row < rows.values.size(); ++row)
        for (u32 arm = 0; arm < spec.arms.size(); ++arm)
            for (u32 r = 0; r < spec.replicates; ++r) points.push_back({static_cast<u32>(points.size()), row, arm, r, rows.values[row]});
    return points;
}

}  // namespace respine
