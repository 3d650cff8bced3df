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
    if (path.starts_with("drugs.") || path.starts_with("wiring.")) {
        root["numbers"][path] = value;
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

namespace {

// "" where the value was written, else what is wrong.
std::string write_at(YAML::Node node, std::string_view path, const std::string& value) {
    if (path.empty()) {
        if (node.IsMap() && node["value"]) {
            node["value"] = value;
            node["mark"] = "A";
            node["ref"] = "set by the scenario";
        } else if (node.IsScalar()) {
            node = value;
        } else {
            return "leads to no number";
        }
        return "";
    }
    const size_t dot = std::min(path.find('.'), path.size());
    const std::string step(path.substr(0, dot));
    const std::string_view rest = path.substr(std::min(path.size(), dot + 1));
    if (node.IsSequence()) {
        const auto k = parse_number(step);
        if (k && *k >= 0 && *k == std::floor(*k) && *k < static_cast<double>(node.size()))
            return write_at(node[static_cast<size_t>(*k)], rest, value);
        return fmt::format("there is no entry '{}': the list has {}, the first is 0", step, node.size());
    }
    std::vector<std::string> known;
    if (node.IsMap())
        for (const auto& item : node) known.push_back(item.first.Scalar());
    if (std::find(known.begin(), known.end(), step) != known.end()) return write_at(node[step], rest, value);
    return fmt::format("there is no '{}'{}", step, suggestion(step, known));
}

void add_numbers(const YAML::Node& node, const std::string& path, std::vector<FileNumber>& found) {
    const auto text = [&](const char* key) {
        const YAML::Node at = node[key];
        if (!at.IsDefined()) return std::string();
        if (at.IsScalar()) return at.Scalar();
        return fmt::format("{} to {}", at[0].Scalar(), at[1].Scalar());
    };
    if (node.IsMap() && node["value"]) {
        found.push_back({path, text("value"), text("range"), text("mark"), text("ref")});
    } else if (node.IsMap()) {
        for (const auto& item : node) add_numbers(item.second, path + "." + item.first.Scalar(), found);
    } else if (node.IsSequence()) {
        for (size_t k = 0; k < node.size(); ++k) add_numbers(node[k], fmt::format("{}.{}", path, k), found);
    } else if (node.IsScalar() && parse_quantity(node.Scalar())) {
        found.push_back({path, node.Scalar(), "", "", ""});
    }
}

}  // namespace

void write_numbers(const Scenario& scenario, const std::string& prefix, YAML::Node root, Problems& problems) {
    for (const auto& [path, value] : scenario.numbers) {
        if (!path.starts_with(prefix)) continue;
        const std::string wrong = write_at(root, std::string_view(path).substr(prefix.size()), value);
        if (!wrong.empty())
            problems.add({scenario.file + ": numbers", 0, 0}, "'{}': {} (see: respine list numbers)", path,
                         wrong);
    }
}

std::vector<FileNumber> numbers_in(const YAML::Node& root, const std::string& prefix) {
    std::vector<FileNumber> found;
    add_numbers(root, prefix, found);
    return found;
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
