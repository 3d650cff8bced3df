// respine compare: one table over several runs, the same numbers as JSON or CSV, and figures.

#include <iostream>
#include <memory>

#include "analysis/compare.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/python.hpp"
#include "sim/error.hpp"
#include "sim/io/files.hpp"

namespace respine {

namespace {

struct CompareOptions {
    std::vector<std::string> runs;
    std::string reference, figures;
    bool json = false, csv = false, markdown = false;
};

void draw_figures(const CompareOptions& o, const std::string& reference) {
    make_folder(o.figures);
    std::vector<std::string> words = {"--out", o.figures, "--reference", reference};
    words.insert(words.end(), o.runs.begin(), o.runs.end());
    run_python("figures.py", words, "The table above stands.");
}

}  // namespace

void add_compare(CLI::App& app, int&) {
    const auto o = std::make_shared<CompareOptions>();
    app.add_option("runs", o->runs, "run files; runs of one name with other seeds are replicates")->required();
    app.add_option("--reference", o->reference, "the run (or name) that differences are against");
    auto* json = app.add_flag("--json", o->json, "print JSON");
    auto* csv = app.add_flag("--csv", o->csv, "print CSV")->excludes(json);
    app.add_flag("--markdown", o->markdown, "print a Markdown table")->excludes(json)->excludes(csv);
    app.add_option("--figures", o->figures, "draw figures (PNG and SVG) into this folder");
    app.callback([o] {
        std::vector<RunFile> runs;
        std::vector<std::string> names;
        for (const std::string& path : o->runs) {
            runs.emplace_back(path);
            names.push_back(runs.back().name());
        }
        std::string reference;
        if (!o->reference.empty()) {
            for (const RunFile& r : runs)
                if (r.path() == o->reference || r.name() == o->reference) reference = r.name();
            if (reference.empty()) fail(Exit::kUsage, "--reference {}: is not one of the runs{}", o->reference, suggestion(o->reference, names));
        }
        const Comparison c = compare_runs(runs, reference);
        std::cout << (o->json ? as_json(c) : o->csv ? as_csv(c) : as_text(c, o->markdown));
        if (!o->figures.empty()) draw_figures(*o, reference);
    });
}

}  // namespace respine
