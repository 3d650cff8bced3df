// The results of a study as files: CSV, HDF5, JSON.

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/study/study_table.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

using Json = nlohmann::ordered_json;

std::string header(const std::string& name, const std::string& unit) {
    return csv_text(unit.empty() || unit == "1" ? name : name + " [" + unit + "]");
}

std::string status_of(const std::optional<PointRecord>& record) {
    return !record ? "missing" : record->ok ? "ok" : "failed";
}

// Its number in the ensemble.
u32 member_of(const StudySpec& spec, const StudyPoint& p) {
    return static_cast<u32>(*parse_number(spec.members[p.member].back().second));
}

std::string as_csv(const StudyTable& t) {
    const bool ensemble = !t.spec.members.empty();
    std::string text = std::string("point,arm,") + (ensemble ? "member," : "") + "replicate,seed,subject";
    for (const Factor& f : t.spec.factors) text += "," + header(f.key, f.unit);
    for (size_t o = 0; o < t.spec.outcomes.size(); ++o)
        text += "," + header(t.spec.outcomes[o].name, t.units[o]);
    text += ",status,message,id\n";
    for (const StudyPoint& p : t.points) {
        text += fmt::format("{},{},", p.number, csv_text(t.spec.arms[p.arm].name));
        if (ensemble) text += fmt::format("{},", member_of(t.spec, p));
        text += fmt::format("{},{},{}", p.replicate, p.seed(t.spec), p.subject);
        for (size_t f = 0; f < t.spec.factors.size(); ++f) {
            const double v = number_of(t.spec.factors[f], p.values[f]);
            text += "," + (std::isfinite(v) ? csv_number(v) : csv_text(p.values[f]));
        }
        for (size_t o = 0; o < t.spec.outcomes.size(); ++o) text += "," + csv_number(t.value(p.number, o));
        const auto& record = t.records[p.number];
        text += "," + status_of(record) + "," + csv_text(record ? record->message : "") + "," +
                t.ids[p.number] + "\n";
    }
    return text;
}

DatasetShape by_point(const StudyTable& t) { return {{t.points.size()}, {"/study/point"}, false, {}}; }

// One row a point, what every study has.
void write_points(H5File& file, const StudyTable& t) {
    const hsize_t n = t.points.size();
    std::vector<u32> number, replicate, subject;
    std::vector<u64> seed;
    std::vector<u8> ok;
    std::vector<std::string> arm;
    for (const StudyPoint& p : t.points) {
        number.push_back(p.number);
        replicate.push_back(p.replicate);
        subject.push_back(p.subject);
        seed.push_back(p.seed(t.spec));
        arm.push_back(t.spec.arms[p.arm].name);
        ok.push_back(t.records[p.number] && t.records[p.number]->ok ? 1 : 0);
    }
    file.write_all<u32>("/study/point", number, {{n}, {}, false, {}}, {"1", "number of the run"}, true);
    const DatasetShape one = by_point(t);
    file.write_strings("/study/arm", arm, "/study/point", {"1", "arm"});
    file.write_strings("/study/id", t.ids, "/study/point",
                       {"1", "digest of resolved inputs, seed and program"});
    file.write_all<u32>("/study/replicate", replicate, one, {"1", "number of the replicate"});
    file.write_all<u32>("/study/subject", subject, one,
                        {"1", "number of the drawn subject, 0 for the typical one"});
    std::vector<u32> member;
    for (const StudyPoint& p : t.points)
        if (!t.spec.members.empty()) member.push_back(member_of(t.spec, p));
    if (!member.empty())
        file.write_all<u32>("/study/member", member, one, {"1", "member of the ensemble of parameter sets"});
    file.write_all<u64>("/study/seed", seed, one, {"1", "seed of the run"});
    file.write_all<u8>("/study/ok", ok, one, {"1", "1 when the run ended well"});
}

void write_parameter(H5File& file, const StudyTable& t, size_t f) {
    const Factor& factor = t.spec.factors[f];
    std::vector<double> values;
    std::vector<std::string> words;
    for (const StudyPoint& p : t.points) {
        values.push_back(number_of(factor, p.values[f]));
        words.push_back(p.values[f]);
    }
    if (factor.unit.empty())
        file.write_strings("/parameters/" + factor.key, words, "/study/point", {"1", factor.label});
    else
        file.write_all<double>("/parameters/" + factor.key, values, by_point(t), {factor.unit, factor.label});
}

void write_outcome(H5File& file, const StudyTable& t, size_t o) {
    const std::string& name = t.spec.outcomes[o].name;
    std::vector<double> values;
    for (const StudyPoint& p : t.points) values.push_back(t.value(p.number, o));
    file.write_all<double>("/outcomes/" + name, values, by_point(t), {t.units[o], name});
}

void write_hdf5(const StudyTable& t, const std::string& path) {
    H5File file = H5File::create(part_of(path));
    file.set_attribute("/", "format", std::string(kStudyFormat));
    file.set_attribute("/", "format_version", static_cast<i64>(kStudyVersion));
    file.make_group("/meta");
    file.set_attribute("/meta", "name", t.spec.name);
    file.set_attribute("/meta", "title", t.spec.title);
    file.set_attribute("/meta", "specification", t.spec.text);
    file.set_attribute("/meta", "program", "respine " + version_text() + " " + revision_text());
    write_points(file, t);
    for (size_t f = 0; f < t.spec.factors.size(); ++f) write_parameter(file, t, f);
    for (size_t o = 0; o < t.spec.outcomes.size(); ++o) write_outcome(file, t, o);
    file.close();
    give_name(path, true);  // no time of day: the same records make the same bits
}

// What SALib's samplers and analysers take.
Json problem_of(const StudySpec& spec) {
    Json names = Json::array(), bounds = Json::array(), laws = Json::array();
    for (const Factor& f : spec.factors) {
        names.push_back(f.key);
        const bool logarithmic = f.law == Prior::kLogUniform;
        const bool normal = f.law == Prior::kNormal || f.law == Prior::kLogNormal;
        const double low = f.law == Prior::kLogNormal ? std::log(f.low) : f.low,
                     high = f.law == Prior::kLogNormal ? std::log(f.high) : f.high;
        bounds.push_back(normal ? Json{0.5 * (low + high), (high - low) / 3.919927969080108}
                                : Json{f.low, f.high});
        laws.push_back(f.law == Prior::kLogNormal ? "lognorm"
                       : normal                   ? "norm"
                       : logarithmic              ? "logunif"
                                                  : "unif");
    }
    return {{"num_vars", spec.factors.size()}, {"names", names}, {"bounds", bounds}, {"dists", laws}};
}

}  // namespace

std::string write_results(const StudyTable& table, const std::string& folder) {
    write_text(folder + "/results.csv", as_csv(table));
    write_hdf5(table, folder + "/results.h5");
    std::string analysis = analysis_json(table);
    write_text(folder + "/analysis.json", analysis);
    const bool sampled = !table.rows.unit.rows.empty();
    if (sampled) write_text(folder + "/problem.json", json_text(problem_of(table.spec)) + "\n");
    return analysis;
}

std::vector<std::string> advice_of(const std::string& analysis) {
    std::vector<std::string> lines;
    const nlohmann::json all = nlohmann::json::parse(analysis);
    for (const auto& result : all["results"]) {
        const auto c = result.find("convergence");
        if (c == result.end() || !(*c)["half_width"].is_number() || (*c)["half_width"] <= (*c)["wanted"])
            continue;
        lines.push_back(fmt::format(
            "{} ({}): {} blocks tell ST within {:.2g} at the worst ({}); about {:.0f} would within {:g}",
            result["outcome"].get<std::string>(), result["arm"].get<std::string>(),
            result["blocks"].get<int>(), (*c)["half_width"].get<double>(),
            (*c)["parameter"].get<std::string>(), (*c)["blocks"].get<double>(),
            (*c)["wanted"].get<double>()));
    }
    return lines;
}

}  // namespace respine
