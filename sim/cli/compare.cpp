// respine compare: one table over several runs, the same numbers as JSON or CSV, and figures.

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "analysis/compare.hpp"
#include "sim/cli/commands.hpp"
#include "sim/error.hpp"

namespace respine {

namespace {

struct CompareOptions {
    std::vector<std::string> runs;
    std::string reference, figures;
    bool json = false, csv = false, markdown = false;
};

// Figures are drawn by matplotlib in Debian's python3, the only one that has h5py there; RESPINE_PYTHON names another.
void draw_figures(const CompareOptions& o, const std::string& reference) {
    std::error_code failed;
    std::filesystem::create_directories(o.figures, failed);
    if (failed) fail(Exit::kIo, "{}: error: the folder cannot be made: {}", o.figures, failed.message());
    const char* set = std::getenv("RESPINE_PYTHON");
    const std::string python = set && *set ? set : "/usr/bin/python3";
    std::vector<std::string> words = {python, RESPINE_FIGURES, "--out", o.figures, "--reference", reference};
    words.insert(words.end(), o.runs.begin(), o.runs.end());
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    std::cout.flush();
    const pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);  // stdout is for data
        execv(python.c_str(), argv.data());
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail(Exit::kIo, "figures need {} with h5py, numpy and matplotlib (Debian: python3-h5py python3-matplotlib); the table above stands", python);
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
