#include "analysis/infer/inference_spec.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/infer/measurements.hpp"
#include "analysis/study/study_keys.hpp"
#include "analysis/validate/measure.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

constexpr double kWide = 1.5, kVeryWide = 4.0;  // high over low

struct InferenceReader : StudyDraft {
    InferenceSpec out{};
    std::vector<std::string> free{};  // parameters of the hypothesis

    void read_targets_named(const std::string& measurements) {
        const std::vector<TargetRow> rows = read_targets(config_folder() + "/reference/targets.csv");
        std::vector<std::string> ids;
        for (const TargetRow& r : rows) ids.push_back(r.id);
        std::set<std::string> used;
        for (const YAML::Node& node : doc.root["targets"]) {
            const std::string& id = node.Scalar();
            const auto found = std::find(ids.begin(), ids.end(), id);
            if (found == ids.end()) {
                problems.add(at(node), "there is no target '{}'{} (see: configs/reference/targets.csv)", id,
                             suggestion(id, ids));
                continue;
            }
            if (!used.insert(id).second) problems.add(at(node), "target '{}' is named twice", id);
            const TargetRow& row = rows[static_cast<size_t>(found - ids.begin())];
            if (row.kind == "order" || row.kind == "input")
                problems.add(at(node), "target '{}' is of kind {} and says nothing about a number", id,
                             row.kind);
            out.targets.push_back(row);
        }
        if (measurements.empty()) return;
        std::vector<std::string> unused;
        for (TargetRow& row : read_measurements(measurements, unused)) out.targets.push_back(std::move(row));
        for (const std::string& column : unused)
            fmt::print(stderr, "{}: note: nothing reads the column '{}'\n", measurements, column);
    }

    u32 arm_of(const std::string& scenario) {
        for (u32 k = 0; k < spec.arms.size(); ++k)
            if (spec.arms[k].name == scenario) return k;
        spec.arms.push_back({scenario, scenario, {}});
        return static_cast<u32>(spec.arms.size()) - 1;
    }

    // Outcomes of one definition and partner are read once.
    size_t outcome_of(const std::string& name, Measure measure) {
        for (size_t k = 0; k < spec.outcomes.size(); ++k)
            if (const Measure& m = spec.outcomes[k].measure;
                text_of(m) == text_of(measure) && m.against.partner == measure.against.partner &&
                m.against.run == measure.against.run && m.against.mode == measure.against.mode)
                return k;
        spec.outcomes.push_back({name, std::move(measure)});
        return spec.outcomes.size() - 1;
    }

    void read_row(const TargetRow& row, const YAML::Node& node) {
        TargetReads reads{.arm = arm_of(row.scenario)};
        reads.has_reference = !row.reference.empty();
        if (reads.has_reference) reads.reference = arm_of(row.reference);
        Measure measure = row.measure;
        const QuantityRow* quantity = quantity_row(measure.quantities.front());
        if ((quantity && !quantity->live) || measure.take->needs_reference ||
            (measure.over_reference &&
             (measure.take->name != std::string("at") || measure.against.partner == Partner::kPeak)))
            problems.add(
                at(node),
                "target '{}' ({} of {}) can be read off run files alone, and an inference keeps none; "
                "leave it out",
                row.id, measure.take->name, row.words.quantity);
        if (measure.against.partner == Partner::kRun) measure.against.run = row.reference;
        if (measure.over_reference) {
            reads.over_reference = true;
            measure.over_reference = false;
            if (measure.against.partner == Partner::kTime) {
                Measure other = measure;
                other.against = {};
                other.time.from = measure.against.hours;
                reads.share = outcome_of(row.id + "-share", other);
            }
            measure.against = {};
        }
        reads.outcome = outcome_of(row.id, measure);
        out.reads.push_back(reads);
    }

    void check_scenarios() {
        for (const Arm& arm : spec.arms) try {
                const Scenario s = load_scenario(arm.scenario, spec.settings_of(arm, {}));
                if (s.cohort > 0)
                    problems.add(at(doc.root["targets"]),
                                 "'{}' is of a cohort, whose targets need all of its subjects; an inference "
                                 "runs one typical subject",
                                 arm.scenario);
                Model own = load_model(s.model, s.file, s.hypothesis);
                if (parameters.empty()) model = own;
                if (parameters.empty()) parameters = parameters_of(model);
            } catch (const Error& e) {
                problems.add(at(doc.root["targets"]), "scenario '{}': {}", arm.scenario, e.what());
            }
    }

    void read_parameters() {
        spec.kind = DesignKind::kLhs;
        for (size_t k = 0; k < doc.root["infer"].size(); ++k) {
            const YAML::Node node = doc.root["infer"][k];
            const size_t before = spec.factors.size();
            read_factor(*this, node, fmt::format("infer[{}]", k));
            if (spec.factors.size() == before || node["law"]) continue;
            Factor& f = spec.factors.back();
            const auto known = model.provenance.find(f.key);
            if (known != model.provenance.end()) f.law = law_of_mark(known->second.mark, f.low, f.high);
        }
        for (const std::string& key : free) read_free(key);
    }

    // A free parameter of the hypothesis, unless the specification names it.
    void read_free(const std::string& key) {
        for (const Factor& f : spec.factors)
            if (f.key == key) return;
        const Provenance& belief = model.provenance.at(key);
        Factor f;
        f.key = f.label = key;
        f.unit = belief.unit;
        f.low = belief.low;
        f.high = belief.high;
        f.law = law_of_mark(belief.mark, f.low, f.high);
        spec.factors.push_back(std::move(f));
    }

    void read_numbers() {
        const YAML::Node waves = doc.root["waves"], error = doc.root["model_error"],
                         sampler = doc.root["sampler"];
        const auto whole = [](const YAML::Node& map, const char* key, u32 absent) {
            return map ? static_cast<u32>(read_integer(map, key, absent)) : absent;
        };
        out.waves = whole(waves, "count", out.waves);
        out.points = whole(waves, "points", out.points);
        out.repeats = std::min(out.points, whole(waves, "repeats", out.repeats));
        if (error) out.study_error = read_quantity(error, "study", "1").value_or(out.study_error);
        if (error) out.row_error = read_quantity(error, "row", "1").value_or(out.row_error);
        out.walkers = whole(sampler, "walkers", out.walkers);
        out.steps = whole(sampler, "steps", out.steps);
        out.members = whole(sampler, "members", out.members);
        out.seed = read_integer(doc.root, "seed", 1);
        if (out.walkers % 2 != 0 || out.walkers < 2 * (spec.factors.size() + 3))
            problems.add(
                at(sampler ? sampler : doc.root),
                "'sampler.walkers' must be even and at least twice the {} parameters and 3 more, got {}",
                spec.factors.size(), out.walkers);
    }

    void read_settings(const std::string& hypothesis) {
        spec.common = settings_in(doc.root["set"], "set");
        const std::string rival = hypothesis.empty() ? read_text(doc.root, "hypothesis") : hypothesis;
        if (rival.empty()) return;
        const std::string file = find_config("hypotheses", rival, hypothesis.empty() ? doc.file : "");
        free = load_hypothesis(file, "").free;
        spec.common.emplace_back("hypothesis", file);
    }

    InferenceSpec read(const InferenceExtras& extras) {
        check_map(doc.root, inference_table(), "", doc.file, problems);
        problems.throw_if_any(Exit::kUsage);
        read_settings(extras.hypothesis);
        read_targets_named(extras.measurements);
        problems.throw_if_any(Exit::kUsage);
        for (size_t k = 0; k < out.targets.size(); ++k) {
            const YAML::Node targets = doc.root["targets"];
            read_row(out.targets[k], k < targets.size() ? targets[k] : targets);
        }
        check_scenarios();
        problems.throw_if_any(Exit::kUsage);
        read_parameters();
        problems.throw_if_any(Exit::kUsage);
        read_numbers();
        out.file = spec.file = doc.file;
        out.text = spec.text = doc.text;
        out.name = spec.name = read_text(doc.root, "name");
        out.title = spec.title = read_text(doc.root, "title", out.name);
        if (out.name.find_first_of("/\n") != std::string::npos)
            problems.add(at(doc.root["name"]),
                         "'name' becomes the name of a folder: it must hold no '/' and stand on one line");
        problems.throw_if_any(Exit::kUsage);
        spec.own_seeds = true;
        out.study = std::move(spec);
        return std::move(out);
    }
};

}  // namespace

Prior law_of_mark(const std::string& mark, double low, double high) {
    const double ratio = low > 0.0 ? high / low : 1.0;
    if (mark == "A") return ratio >= kVeryWide ? Prior::kLogUniform : Prior::kUniform;
    return ratio > kWide ? Prior::kLogNormal : Prior::kNormal;
}

InferenceSpec load_inference(const std::string& name, const InferenceExtras& extras) {
    return read_inference(load_yaml(find_config("inferences", name, "")), extras);
}

InferenceSpec read_inference(const YamlDocument& document, const InferenceExtras& extras) {
    need_kind(document, "inference");
    return InferenceReader{{.doc = document}}.read(extras);
}

}  // namespace respine
