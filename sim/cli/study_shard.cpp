#include "sim/cli/study_shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "sim/jobs/stop.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/jobs/workers.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

// What is done of a shard; each record goes into its journal when it comes.
struct KeptRecords {
    Journal& journal;
    int& exit_code;  // of the first failure
    size_t done, failed = 0;

    void keep(const PointRecord& record) {
        if (record.exit_code == static_cast<int>(Exit::kStopped)) {
            // Somebody stopped the worker alone: it would refuse every other point.
            if (stop_reason() == StopReason::kNone) std::raise(SIGTERM);
            return;
        }
        journal.add(record);
        ++done;
        failed += record.ok ? 0 : 1;
        if (!record.ok && exit_code == 0) exit_code = record.exit_code;
    }
};

// Points whose kept history has all that the outcomes of today read.
size_t read_kept(Study& study, const std::vector<u32>& todo, Journal& journal) {
    size_t read = 0;
    for (const u32 number : todo)
        if (const auto record = study.runner.read_kept(number)) {
            journal.add(*record);
            ++read;
        }
    return read;
}

void run_points(Study& study, const std::vector<u32>& todo, const Division& by, Progress& progress,
                KeptRecords& kept) {
    Workers workers(std::min<int>(by.jobs, static_cast<int>(std::max<size_t>(1, todo.size()))),
                    [&](u32 number) { return to_line(study.runner.run(number, by.threads)); });
    workers.run(
        todo, [&](u32, const std::string& answer) { kept.keep(from_line(answer)); },
        [&](u32 number, const std::string& how, Exit code) {
            kept.keep({.id = study.runner.id_of(number),
                       .point = number,
                       .exit_code = static_cast<int>(code),
                       .message = how});
        },
        [] { return stop_reason() != StopReason::kNone; },
        [&] { progress.show(static_cast<Tick>(kept.done), false); });
}

}  // namespace

Division division_of(const StudyOptions& o, const Study& study, const Shard& shard) {
    const int cores = choose_threads(o.threads).threads;
    const int points = static_cast<int>((study.points.size() + shard.of - 1) / shard.of);
    const int jobs = std::max(1, std::min(o.jobs > 0 ? o.jobs : cores, points));
    return {jobs, std::max(1, cores / jobs)};
}

void tell(const StudyOptions& o, const StudySpec& spec, const std::vector<std::string>& notes) {
    if (o.quiet) return;
    for (const std::string& note : notes) fmt::print(stderr, "{}: note: {}\n", spec.name, note);
}

void run_shard(const StudyOptions& o, Study& study, const Shard& shard, const Division& by, int& exit_code) {
    for (const char* sub : {"", "/in-flight", "/runs", "/histories"}) make_folder(study.folder + sub);
    Journal journal(study.journal(shard));
    std::vector<u32> own;
    for (const u32 number : study.runner.different())  // over all shards: equal points share a checkpoint
        if (shard.owns(number)) own.push_back(number);
    StudyWork work = work_of(study, own, o.retry_failed);
    if (const size_t read = read_kept(study, work.todo, journal); read > 0) {
        if (!o.quiet)
            fmt::print(stderr, "{}: {} points are read off their kept histories, without a run\n",
                       study.spec.name, read);
        work = work_of(study, own, o.retry_failed);
    }
    tell(o, study.spec, work.notes);
    KeptRecords kept{journal, exit_code, own.size() - work.todo.size()};
    Progress progress(o.style(), study.spec.name, 0, static_cast<Tick>(std::max<size_t>(1, own.size())),
                      "points", static_cast<Tick>(kept.done));
    run_points(study, work.todo, by, progress, kept);
    if (kept.done < own.size()) {
        const StopReason reason = stop_reason();
        fail(exit_of(reason), "{}: {}; {} of {} points are done and kept; go on with the same command",
             study.spec.name, text_of(reason), kept.done, own.size());
    }
    progress.show(static_cast<Tick>(kept.done), true);
    journal.need_file();
    if (shard.of > 1)
        fmt::print("{}: shard {} of {} ({}): {} points, {} failed\n", study.spec.name, shard.number, shard.of,
                   shard.source, own.size(), kept.failed);
}

}  // namespace respine
