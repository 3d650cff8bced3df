#include "analysis/read/run_arms.hpp"

#include <algorithm>
#include <map>

#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr size_t kShownSettings = 3, kLongestSetting = 60;

// Lines that not all arms of the name have, as few as a reader takes in.
std::string what_sets_apart(const std::vector<std::string>& own,
                            const std::vector<const std::vector<std::string>*>& others) {
    std::string text;
    size_t shown = 0, more = 0;
    for (const std::string& line : own) {
        const bool common = std::all_of(others.begin(), others.end(), [&](const auto* lines) {
            return std::count(lines->begin(), lines->end(), line) == std::count(own.begin(), own.end(), line);
        });
        if (common) continue;
        if (shown == kShownSettings) {
            ++more;
            continue;
        }
        const std::string words =
            line.size() <= kLongestSetting ? line : line.substr(0, line.find(':')) + " differs";
        text += (shown++ ? ", " : "") + words;
    }
    return more > 0 ? text + fmt::format(" and {} more", more) : text;
}

}  // namespace

std::vector<RunArm> group_arms(const std::vector<RunFile>& runs) {
    std::vector<RunArm> arms;
    for (const RunFile& r : runs) {
        const auto same = std::find_if(arms.begin(), arms.end(), [&](const RunArm& a) {
            return a.runs[0]->name() == r.name() && a.runs[0]->member().empty() == r.member().empty() &&
                   a.runs[0]->settings() == r.settings();
        });
        RunArm& arm = same == arms.end() ? arms.emplace_back(RunArm{r.name(), {}}) : *same;
        for (const RunFile* other : arm.runs)
            if (other->seed() == r.seed() && other->member() == r.member())
                fail(Exit::kUsage,
                     "{} and {} are the same run: one name, one seed ({}), the same settings; replicates "
                     "differ in the seed",
                     other->path(), r.path(), r.seed());
        arm.runs.push_back(&r);
    }
    std::map<std::string, std::vector<RunArm*>> by_name;
    for (RunArm& arm : arms) by_name[arm.label].push_back(&arm);
    for (auto& [name, variants] : by_name) {
        if (variants.size() == 1) continue;
        std::vector<const std::vector<std::string>*> settings;
        for (const RunArm* v : variants) settings.push_back(&v->runs[0]->settings());
        for (RunArm* v : variants)
            if (const std::string words = what_sets_apart(v->runs[0]->settings(), settings); !words.empty())
                v->label = fmt::format("{} [{}]", name, words);
    }
    std::map<std::string, int> used;
    for (const RunArm& arm : arms) ++used[arm.label];
    for (RunArm& arm : arms)  // what differs is too long to show, or only its order does
        if (used[arm.label] > 1) arm.label = fmt::format("{} ({})", arm.label, arm.runs[0]->path());
    return arms;
}

const RunArm& find_arm(const std::vector<RunArm>& arms, const std::string& wanted) {
    std::vector<const RunArm*> found;
    std::vector<std::string> known;
    for (const RunArm& arm : arms) {
        known.push_back(arm.label);
        const bool is_file = std::any_of(arm.runs.begin(), arm.runs.end(),
                                         [&](const RunFile* r) { return r->path() == wanted; });
        if (is_file || arm.label == wanted) return arm;
        if (arm.runs[0]->name() == wanted) found.push_back(&arm);
    }
    if (found.size() == 1) return *found[0];
    if (found.empty())
        fail(Exit::kUsage, "--reference {}: is not one of the runs{}", wanted, suggestion(wanted, known));
    std::string list;
    for (const RunArm* arm : found) list += "\n  " + arm->label;
    fail(Exit::kUsage, "--reference {}: is the name of {} arms; give the file of one of them:{}", wanted,
         found.size(), list);
}

}  // namespace respine
