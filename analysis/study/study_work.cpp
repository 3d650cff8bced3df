#include "analysis/study/study_work.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "sim/jobs/ensemble.hpp"
#include "sim/ranks/ranks.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace fs = std::filesystem;

Shard shard_of(const std::string& given) {
    const auto number = [](const char* name) {
        const char* text = std::getenv(name);
        return text ? parse_number(text) : std::nullopt;
    };
    if (!given.empty()) {
        const size_t slash = std::min(given.find('/'), given.size());
        const auto i = parse_number(given.substr(0, slash)),
                   n = parse_number(given.substr(std::min(slash + 1, given.size())));
        if (!i || !n || *i < 1 || *i > *n || *i != std::floor(*i) || *n != std::floor(*n) || *n > 1e6)
            fail(Exit::kUsage, "--shard wants i/n with 1 <= i <= n, got '{}'", given);
        return {static_cast<u32>(*i), static_cast<u32>(*n), "--shard"};
    }
    const auto first = number("SLURM_ARRAY_TASK_MIN").value_or(0.0);
    if (const auto last = number("SLURM_ARRAY_TASK_MAX"), n = number("SLURM_ARRAY_TASK_COUNT");
        last && n && *last - first + 1.0 != *n)
        fail(Exit::kUsage,
             "this Slurm array has gaps ({} tasks from {} to {}); say which part a task is with --shard i/n",
             *n, first, *last);
    if (const auto i = number("SLURM_ARRAY_TASK_ID"), n = number("SLURM_ARRAY_TASK_COUNT");
        i && n && *n >= 1.0 && *i >= first && *i - first < *n)
        return {static_cast<u32>(*i - first) + 1, static_cast<u32>(*n), "SLURM_ARRAY_TASK_ID"};
    if (const LaunchedAs as = launched_as(); !as.by.empty()) return {as.rank + 1, as.size, as.by};
    return {};
}

Study::Study(StudySpec specification, std::string in)
    : spec(std::move(specification)),
      rows(rows_of(spec)),
      points(points_of(spec, rows)),
      folder(in.empty() ? "study-" + spec.name : std::move(in)),
      runner(spec, points, folder) {}

namespace {

StudySpec with_members(StudySpec spec, const StudyOptions& o) {
    if (o.ensemble.empty()) return spec;
    const Ensemble ensemble = load_ensemble(o.ensemble, o.members);
    for (size_t k = 0; k < ensemble.size(); ++k) spec.members.push_back(ensemble.settings(k));
    return spec;
}

}  // namespace

Study::Study(const StudyOptions& o) : Study(with_members(load_study(o.spec), o), o.work) {}

std::string Study::journal(const Shard& shard) const {
    return fmt::format("{}/journal-{}-of-{}.jsonl", folder, shard.number, shard.of);
}

std::vector<std::string> Study::journals() const {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        if (entry.path().filename().string().starts_with("journal-") && entry.path().extension() == ".jsonl")
            found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    return found;
}

bool Study::others_are_at_work(const Shard& own) const {
    for (Shard shard = own; shard.number = shard.number % own.of + 1, shard.number != own.number;)
        if (!fs::exists(journal(shard)) || in_use(journal(shard))) return true;
    return false;
}

std::string Study::command(const std::string& what, const std::string& program) const {
    return fmt::format("{} study {} {} --work {}", program, what,
                       shell_word(fs::absolute(spec.file).string()),
                       shell_word(fs::absolute(folder).string()));
}

StudyTable Study::table() {
    StudyTable t{
        .spec = spec, .rows = rows, .points = points, .ids = {}, .records = {}, .units = runner.units()};
    for (const StudyPoint& p : points) t.ids.push_back(runner.id_of(p.number));
    take_records(t, read_journals(journals()));
    return t;
}

StudyWork work_of(Study& study, const std::vector<u32>& points, bool retry_failed) {
    StudyWork work;
    const TriesById known = read_journals(study.journals());
    const std::vector<std::string> wanted = study.spec.definitions();
    std::map<size_t, size_t> lacking;  // finished points that do not hold an outcome, by its number
    for (const u32 number : points) {
        const auto tries = known.find(study.runner.id_of(number));
        const PointRecord* record = tries == known.end() ? nullptr : tries->second.record(wanted);
        if (record && record->ok) {
            ++work.finished;
        } else if (record && !record->retry && !retry_failed) {
            ++work.settled;
        } else {
            work.todo.push_back(number);
            if (tries == known.end() || !tries->second.good) continue;
            for (size_t o = 0; o < wanted.size(); ++o)
                lacking[o] += tries->second.good->values.contains(wanted[o]) ? 0 : 1;
        }
    }
    for (const auto& [o, count] : lacking)
        if (count > 0)
            work.notes.push_back(
                fmt::format("outcome '{}' ({}) is new: {} finished points do not hold it and run again",
                            study.spec.outcomes[o].name, wanted[o], count));
    if (work.settled > 0)
        work.notes.push_back(fmt::format(
            "{} failed points are not run again, because they would fail again; --retry-failed runs them",
            work.settled));
    return work;
}

}  // namespace respine
