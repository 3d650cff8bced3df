// One parameter or one outcome of the specification of a study.

#include <algorithm>

#include "analysis/study/study_keys.hpp"

namespace respine {

namespace {

// A plain number of a parameter whose `unit` stands beside its values.
std::string with_unit(const std::string& value, const YAML::Node& node) {
    const std::string unit = read_text(node, "unit", "1");
    return unit != "1" && parse_number(value) ? value + " " + unit : value;
}

void read_values(StudyDraft& d, const YAML::Node& node, const std::string& path, Factor& f) {
    for (const char* key : {"law", "low", "high"})
        if (node[key])
            d.problems.add(d.at(node[key]), "'{}.{}' has no meaning for a {} design, which takes values",
                           path, key, d.spec.kind_name());
    const YAML::Node values = node["values"];
    if (!values || !values.IsSequence() || values.size() == 0) {
        d.problems.add(d.at(values ? values : node),
                       "'{}.values' wants a list such as [0.1 mg/kg, 0.5 mg/kg]", path);
        return;
    }
    bool words = false;
    for (const YAML::Node& v : values) {
        if (!v.IsScalar()) {
            d.problems.add(d.at(v), "'{}.values' wants plain values", path);
            return;
        }
        f.values.push_back(with_unit(v.Scalar(), node));
        const auto q = parse_quantity(f.values.back());
        words = words || !q;
        if (q && !node["unit"]) f.unit = q->unit;
    }
    if (words) f.unit.clear();
    f.base = with_unit(read_text(node, "base"), node);
    if (d.spec.kind == DesignKind::kOat && f.base.empty())
        d.problems.add(d.at(node), "'{}.base' is needed: the value while another parameter moves", path);
}

void read_law(StudyDraft& d, const YAML::Node& node, const std::string& path, const ParameterRow* row,
              Factor& f) {
    for (const char* key : {"values", "base"})
        if (node[key])
            d.problems.add(d.at(node[key]), "'{}.{}' has no meaning for a {} design, which draws from a law",
                           path, key, d.spec.kind_name());
    const std::string law = read_text(node, "law", "uniform");
    f.law = std::find_if(std::begin(kPriors), std::end(kPriors), [&](const auto& l) {
                return law == l.first;
            })->second;
    const auto end = [&](const char* key, double belief) {
        if (!node[key]) {
            if (!row)
                d.problems.add(d.at(node),
                               "'{}.{}' is needed: only parameters of the model have a range of belief", path,
                               key);
            return belief;
        }
        const auto q = parse_quantity(node[key].Scalar());
        const auto value = q ? q->unit == "1" ? std::optional(q->value) : convert(*q, f.unit) : std::nullopt;
        if (!value)
            d.problems.add(d.at(node[key]), "'{}.{}' wants a quantity in {}, got '{}'", path, key, f.unit,
                           node[key].Scalar());
        return value.value_or(belief);
    };
    const Provenance belief = row ? d.model.provenance.at(row->path) : Provenance{};
    f.low = end("low", belief.low);
    f.high = end("high", belief.high);
    if (f.low >= f.high)
        d.problems.add(d.at(node), "'{}': low must lie below high, got {:g} and {:g}{}", path, f.low, f.high,
                       row && !node["low"] ? "; the model file gives no range of belief" : "");
    if ((f.law == Prior::kLogUniform || f.law == Prior::kLogNormal) && f.low <= 0.0)
        d.problems.add(d.at(node), "'{}': a {} law wants low above 0, got {:g}", path, law, f.low);
}

}  // namespace

// The seed of a point is that of its replicate, whatever its settings say.
void StudyDraft::refuse_seed(const YAML::Node& key, const std::string& path) {
    if (key.Scalar() == "seed")
        problems.add(
            at(key),
            "'{}': seeds come from 'first_seed' and 'replicates', so that arms and points share them", path);
}

Settings StudyDraft::settings_in(const YAML::Node& map, const std::string& path) {
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

void read_factor(StudyDraft& d, const YAML::Node& node, const std::string& path) {
    Factor f;
    f.key = read_text(node, "key");
    f.label = read_text(node, "label", f.key);
    d.refuse_seed(node["key"], path + ".key");
    const auto row = std::find_if(d.parameters.begin(), d.parameters.end(),
                                  [&](const ParameterRow& r) { return r.path == f.key; });
    const std::string section = f.key.substr(0, f.key.find('.'));
    if (row == d.parameters.end() &&
        std::any_of(d.parameters.begin(), d.parameters.end(),
                    [&](const ParameterRow& r) { return r.path.starts_with(section + "."); })) {
        std::vector<std::string> known;
        for (const ParameterRow& r : d.parameters) known.push_back(r.path);
        d.problems.add(d.at(node["key"]),
                       "'{}.key': there is no parameter '{}'{} (see: respine list parameters)", path, f.key,
                       suggestion(f.key, known));
        return;
    }
    f.unit = read_text(node, "unit", row != d.parameters.end() ? std::string(row->unit) : "1");
    for (const Factor& other : d.spec.factors)
        if (other.key == f.key) d.problems.add(d.at(node["key"]), "'{}.key': '{}' moves twice", path, f.key);
    row_of(d.spec.kind).listed ? read_values(d, node, path, f)
                               : read_law(d, node, path, row == d.parameters.end() ? nullptr : &*row, f);
    d.spec.factors.push_back(std::move(f));
}

namespace {

// One outcome; `time` stands for the key of that name.
void read_one(StudyDraft& d, const YAML::Node& node, const std::string& path, OutcomeSpec o,
              const std::string& time) {
    Vocabulary vocabulary{.series = {}, .runs = {}, .live = true};
    for (const Arm& a : d.spec.arms) vocabulary.runs.push_back(a.name);
    MeasureWords words{read_text(node, "quantity"), read_text(node, "take"), time,
                       read_text(node, "against")};
    const bool formula = node["value"].IsDefined();
    const auto wrong = [&](const char* key, const std::string& what) {
        if (formula && key == std::string_view("quantity")) key = "value";
        if (!o.course.empty() && key == std::string_view("time")) key = "times";
        d.problems.add(d.at(node[key] ? node[key] : node), "'{}.{}': {}", path, key, what);
    };
    if (formula) {
        for (const char* other : {"quantity", "take", "time", "times"})
            if (node[other]) wrong(other, "has no meaning beside 'value'");
        words = {read_text(node, "value"), "value", "", words.against};
    }
    o.measure = parse_measure(words, vocabulary, wrong);
    for (const OutcomeSpec& other : d.spec.outcomes)
        if (other.name == o.name)
            d.problems.add(d.at(node["name"]), "'{}.name': there are two outcomes '{}'", path, o.name);
    d.spec.outcomes.push_back(std::move(o));
}

}  // namespace

void read_outcome(StudyDraft& d, const YAML::Node& node, const std::string& path) {
    const std::string name = read_text(node, "name");
    const YAML::Node times = node["times"];
    if (!times.IsDefined() || node["value"].IsDefined())
        return read_one(d, node, path, {.name = name, .measure = {}}, read_text(node, "time"));
    if (node["time"].IsDefined())
        d.problems.add(d.at(times), "'{}.times' stands in place of 'time'; leave one out", path);
    if (times.size() == 0)
        d.problems.add(d.at(times), "'{}.times' wants a list such as [0 h, 6 h, 1 d]", path);
    for (const YAML::Node& time : times) {
        std::string suffix = time.Scalar();
        std::erase(suffix, ' ');
        read_one(d, node, path, {.name = name + "_" + suffix, .measure = {}, .course = name}, time.Scalar());
    }
}

}  // namespace respine
