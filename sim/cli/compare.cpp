// respine compare: one table over several runs, the same numbers as JSON or CSV, and figures.

#include "analysis/compare/compare.hpp"

#include <iostream>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/jobs/python.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

struct CompareOptions {
    std::vector<std::string> runs;
    std::string reference, figures;
    bool json = false, csv = false, markdown = false;
};

void draw_figures(const CompareOptions& o, const std::vector<RunArm>& arms, const std::string& reference) {
    make_folder(o.figures);
    std::vector<std::string> words = {"--out", o.figures, "--reference", reference};
    for (const RunArm& arm : arms) {
        words.insert(words.end(), {"--arm", arm.label});
        for (const RunFile* run : arm.runs) words.push_back(run->path());
    }
    run_python("figures.py", words, "The table above stands.");
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
    app.callback([o] {
        std::vector<RunFile> runs;
        runs.reserve(o->runs.size());
        for (const std::string& path : o->runs) runs.emplace_back(path);
        const std::vector<RunArm> arms = group_arms(runs);
        const Comparison c = compare_runs(runs, arms, o->reference);
        std::cout << (o->json ? as_json(c) : o->csv ? as_csv(c) : as_text(c, o->markdown));
        if (!o->figures.empty()) draw_figures(*o, arms, c.reference);
    });
}

}  // namespace respine
