#include "sim/io/yaml/scenario_settings.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/model/model.hpp"

namespace respine {

namespace {

const std::vector<std::string>& model_sections() {
    static const std::vector<std::string> sections = [] {
        Model m;
        std::set<std::string> found;
        for (const ParameterRow& row : parameters_of(m)) found.insert(row.path.substr(0, row.path.find('.')));
        return std::vector<std::string>(found.begin(), found.end());
    }();
    return sections;
}

bool is_model_path(const std::string& path) {
    const auto& sections = model_sections();
    return std::find(sections.begin(), sections.end(), path.substr(0, path.find('.'))) != sections.end() &&
           path.find('.') != std::string::npos;
}

// One more entry, or each of a list of them.
void append(YAML::Node list, const YAML::Node& fresh) {
    if (!fresh.IsSequence()) return list.push_back(fresh);
    for (const YAML::Node& item : fresh) list.push_back(item);
}

}  // namespace

bool is_set(const Settings& settings, const std::string& key) {
    return std::any_of(settings.begin(), settings.end(), [&](const auto& s) {
        return key == s.first || key.starts_with(s.first + ".") || s.first.starts_with(key + ".");
    });
}

void apply_setting(YAML::Node root, const std::string& path, const std::string& value, Problems& problems) {
    const std::string parameter = path.starts_with("overrides.") ? path.substr(10) : path;
    if (is_model_path(parameter)) {
        root["overrides"][parameter] = value;
        return;
    }
    const Place here{"--set " + path, 0, 0};
    const YAML::Node parsed = parse_yaml(value, here.file).root;
    // A fresh scalar has no mark, so a message about it names the --set option instead of a line.
    const YAML::Node fresh = parsed.IsScalar() ? YAML::Node(parsed.Scalar()) : YAML::Clone(parsed);
    std::vector<YAML::Node> chain = {root};
    for (size_t from = 0; from <= path.size();) {
        const size_t dot = std::min(path.find('.', from), path.size());
        const std::string name = path.substr(from, dot - from);
        const bool last = dot == path.size();
        YAML::Node now = chain.back();
        if (name == "+" && last && (now.IsSequence() || !now.IsDefined()))
            append(now, fresh);
        else if (now.IsSequence()) {
            const auto k = parse_number(name);
            if (!k || *k < 0 || *k != std::floor(*k) || *k >= static_cast<double>(now.size())) {
                problems.add(here, "there is no entry '{}': the list has {}, the first is 0", name,
                             now.size());
                return;
            }
            if (last)
                now[static_cast<size_t>(*k)] = fresh;
            else
                chain.push_back(now[static_cast<size_t>(*k)]);
        } else if (name.empty() || now.IsScalar()) {
            problems.add(here, "'{}' leads to no key", path);
            return;
        } else if (last) {
            now[name] = fresh;
        } else {
            chain.push_back(now[name]);
        }
        from = dot + 1;
    }
}

void leave_times(Scenario& s, const Settings& settings) {
    if (!is_set(settings, "duration") && !is_set(settings, "start")) return;
    const auto left = [&](std::vector<Tick>& times, const char* key, const char* what) {
        if (is_set(settings, key)) return std::string();
        const size_t all = times.size(),
                     count = std::erase_if(times, [&](Tick t) { return t < s.start || t > s.end(); });
        return count == 0 ? "" : fmt::format("{} of {} {}", count, all, what);
    };
    const std::string snapshots = left(s.snapshots, "record.snapshots", "snapshots"),
                      sessions = left(s.sessions, "imaging.sessions", "imaging sessions"),
                      others =
                          left(s.coordination.sessions, "coordination.sessions", "sessions of coordination");
    std::string all;
    for (const std::string& some : {snapshots, sessions, others})
        if (!some.empty()) all += (all.empty() ? "" : " and ") + some;
    if (all.empty()) return;
    s.notes.push_back(fmt::format("{} lie outside the run ({} to {}) and are left out", all,
                                  time_text(s.start), time_text(s.end())));
}

void leave_cohort(Scenario& s, const YAML::Node& root, const Settings& settings, Problems& problems) {
    if (s.cohort == 0 || s.subject == 0) return;
    if (is_set(settings, "subject") && !is_set(settings, "cohort.subjects")) {
        s.notes.push_back(fmt::format("subject {} is run alone, not the cohort", s.subject));
        s.cohort = 0;
        return;
    }
    problems.add(place_of(root["subject"], s.file, "subject"),
                 "'subject' is one person and 'cohort' many: leave one of them out (each subject of a cohort "
                 "can be run alone by --set subject=K)");
}

std::string setting_text(double value, std::string_view unit) {
    return unit == "1" ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
}

std::pair<std::string, std::string> parse_setting(const std::string& text) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        fail(Exit::kUsage, "--set wants path=value, got '{}'", text);
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace respine
