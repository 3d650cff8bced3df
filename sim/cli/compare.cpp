// respine compare: one table over several runs, the same numbers as JSON or CSV, and figures.

#include "analysis/compare/compare.hpp"

#include <iostream>
#include <memory>

#include "analysis/export/bands.hpp"
#include "sim/cli/commands.hpp"
#include "sim/jobs/python.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

struct CompareOptions {
    std::vector<std::string> runs;
    std::string reference, figures, targets;
    BandOptions bands;
    bool json = false, csv = false, markdown = false;
};

// Figures, and how far measurements lie from the curves.
void look_closer(const CompareOptions& o, const MemberFiles& members, const std::vector<RunArm>& arms,
                 const std::string& reference) {
    std::vector<std::string> words = {"--reference", reference};
    if (!o.figures.empty()) words.insert(words.end(), {"--out", o.figures});
    if (!o.targets.empty()) words.insert(words.end(), {"--points", o.targets});
    const bool banded = !o.bands.ensemble.empty();
    if (banded) write_all_bands(o.runs, members);
    for (const RunArm& arm : arms) {
        words.insert(words.end(), {"--arm", arm.label});
        if (banded)
            words.push_back(band_file_of(arm.runs.front()->path()));
        else
            for (const RunFile* run : arm.runs) words.push_back(run->path());
    }
    if (!o.figures.empty()) {
        make_folder(o.figures);
        run_python("figures.py", words, "The table above stands.");
    }
    if (!o.targets.empty()) run_python("residuals.py", words, "The table above stands.", Printed::kData);
}

// The name under which the arm of a run is found among those of its members.
std::string reference_of(const CompareOptions& o, const std::vector<RunFile>& runs) {
    for (size_t k = 0; k < o.runs.size() && !o.bands.ensemble.empty(); ++k)
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
    app.add_option("--observed", o->targets,
                   "measurements, as respine infer takes them (CSV, TSV, PEtab): how far they lie from the "
                   "curves, and with --figures drawn over them")
        ->check(CLI::ExistingFile);
    app.add_option("--targets", o->targets)->check(CLI::ExistingFile)->group("");  // as it was named before
    add_bands(app, o->bands);
    app.callback([o] {
        if (!o->targets.empty() && (o->json || o->csv))
            fail(Exit::kUsage, "--observed prints a table of its own; leave out --json and --csv");
        MemberFiles members;  // without an ensemble each run is its only member
        if (o->bands.ensemble.empty())
            for (const std::string& path : o->runs) members.files.push_back({path});
        else
            members = o->bands.member_files(o->runs);
        std::vector<RunFile> runs;
        runs.reserve(members.files.size() * members.files.front().size());
        for (const auto& of_run : members.files)
            for (const std::string& path : of_run) runs.emplace_back(path);
        const std::vector<RunArm> arms = group_arms(runs);
        const Comparison c = compare_runs(runs, arms, reference_of(*o, runs));
        std::cout << (o->json ? as_json(c) : o->csv ? as_csv(c) : as_text(c, o->markdown));
        if (!o->figures.empty() || !o->targets.empty()) look_closer(*o, members, arms, c.reference);
    });
}

}  // namespace respine
