// respine compare: one table over several runs, the same numbers as JSON or CSV, and figures.

#include "analysis/compare/compare.hpp"

#include <filesystem>
#include <iostream>
#include <memory>

#include "analysis/export/bands.hpp"
#include "sim/cli/commands.hpp"
#include "sim/jobs/ensemble.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

std::string banded(const std::string& run, const Ensemble& ensemble, const std::string& work, int threads) {
    const std::vector<std::string> members = member_runs(run, ensemble, work, threads, ProgressStyle::kText);
    const std::string path = work + "/" + std::filesystem::path(run).stem().string() + "-bands.h5";
    write_bands(run, members, ensemble.name, path);
    return path;
}

namespace {

struct CompareOptions {
    std::vector<std::string> runs;
    std::string reference, figures, ensemble, work = "members";
    int members = 0, threads = 0;
    bool json = false, csv = false, markdown = false;
};

void draw_figures(const CompareOptions& o, const std::vector<RunArm>& arms, const std::string& reference) {
    make_folder(o.figures);
    std::vector<std::string> words = {"--out", o.figures, "--reference", reference};
    for (size_t k = 0; k < arms.size(); ++k) {
        words.insert(words.end(), {"--arm", arms[k].label});
        if (o.ensemble.empty())
            for (const RunFile* run : arms[k].runs) words.push_back(run->path());
        else
            words.push_back(banded(o.runs[k], load_ensemble(o.ensemble, o.members), o.work,
                                   choose_threads(o.threads).threads));
    }
    run_python("figures.py", words, "The table above stands.");
}

// Instead of each run, those of its scenario under the members of the ensemble.
std::vector<std::string> with_members(const CompareOptions& o) {
    const Ensemble ensemble = load_ensemble(o.ensemble, o.members);
    std::vector<std::string> files;
    for (const std::string& run : o.runs)
        for (std::string& file :
             member_runs(run, ensemble, o.work, choose_threads(o.threads).threads, ProgressStyle::kText))
            files.push_back(std::move(file));
    return files;
}

// The name under which the arm of a run is found among those of its members.
std::string reference_of(const CompareOptions& o, const std::vector<RunFile>& runs) {
    for (size_t k = 0; k < o.runs.size() && !o.ensemble.empty(); ++k)
        if (o.runs[k] == o.reference) return runs[k * (runs.size() / o.runs.size())].path();
    return o.reference;
}

}  // namespace

void add_compare(CLI::App& app, int&) {
    const auto o = std::make_shared<CompareOptions>();
    app.add_option("runs", o->runs,
                   "run files; those that differ in the seed alone are replicates of one arm")
        ->required();
    app.add_option("--reference", o->reference,
                   "the arm that differences are against: one of its files, or its name");
    auto* json = app.add_flag("--json", o->json, "print JSON");
    auto* csv = app.add_flag("--csv", o->csv, "print CSV")->excludes(json);
    app.add_flag("--markdown", o->markdown, "print a Markdown table")->excludes(json)->excludes(csv);
    app.add_option("--figures", o->figures, "draw figures (PNG and SVG) into this folder");
    add_ensemble(app, o->ensemble, o->members,
                 "run each scenario again under parameter sets that data allow, and give bands over them");
    app.add_option("--work", o->work, "folder of those runs; finished ones there are used again")
        ->needs("--ensemble");
    app.add_option("--threads", o->threads, "runs at a time")
        ->check(CLI::Range(1, 4096))
        ->needs("--ensemble");
    app.callback([o] {
        const std::vector<std::string> files = o->ensemble.empty() ? o->runs : with_members(*o);
        std::vector<RunFile> runs;
        runs.reserve(files.size());
        for (const std::string& path : files) runs.emplace_back(path);
        const std::vector<RunArm> arms = group_arms(runs);
        const Comparison c = compare_runs(runs, arms, reference_of(*o, runs));
        std::cout << (o->json ? as_json(c) : o->csv ? as_csv(c) : as_text(c, o->markdown));
        if (!o->figures.empty()) draw_figures(*o, arms, c.reference);
    });
}

}  // namespace respine
