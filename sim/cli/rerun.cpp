// respine rerun: the run of a file once more, from what the file says of itself, and whether every bit is the
// same.

#include <filesystem>

#include "analysis/read/run_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/hdf5/differences.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/jobs/run.hpp"

namespace respine {

namespace {

constexpr size_t kNamed = 10;  // differences that are told by name

// Throws Error(kInput) unless the file is a finished one whose inputs are still at hand.
Inputs inputs_to_repeat(const H5File& file) {
    require_result_format(file);
    if (file.number_attribute("/meta", "complete", 0.0) != 1.0)
        fail(Exit::kInput, "{}: error: is not complete (status {}); only a finished run can be repeated",
             file.path(), file.text_attribute("/meta", "exit_status"));
    Inputs inputs = load_inputs(scenario_in(file));
    std::string others;
    for (const std::string& name : other_inputs(file, inputs)) others += (others.empty() ? "" : ", ") + name;
    if (!others.empty())
        fail(Exit::kInput,
             "{}: error: /meta {}: the files behind are others now; the run can be repeated with those it "
             "was made from only",
             file.path(), others);
    return inputs;
}

void rerun(RunOptions o, const std::string& path, int& exit_code) {
    std::error_code none;
    if (std::filesystem::equivalent(path, o.output, none))
        fail(Exit::kUsage, "{}: error: is the file to hold the new run against; give another -o", path);
    const H5File file = H5File::open(path);
    Inputs inputs = inputs_to_repeat(file);
    if (o.output.empty()) o.output = std::filesystem::path(path).replace_extension(".rerun.h5").string();
    if (const std::string version = file.text_attribute("/meta", "version");
        version != version_text() && !o.quiet)
        fmt::print(stderr, "{}: was written by respine {}; this is {}, whose bits may differ\n", path,
                   version, version_text());
    Ranks& ranks = ranks_for(o);
    on_all_ranks(ranks, [&] { run_inputs(o, ranks, std::move(inputs)); });
    if (!ranks.root()) return;
    const auto [compared, names] = differences(file, H5File::open(o.output));
    if (names.empty()) return fmt::print("identical: {} datasets and attributes\n", compared);
    fmt::print("different: {} of {} datasets and attributes\n", names.size(), compared);
    for (size_t k = 0; k < std::min(names.size(), kNamed); ++k) fmt::print("  {}\n", names[k]);
    if (names.size() > kNamed) fmt::print("  and {} more\n", names.size() - kNamed);
    exit_code = static_cast<int>(Exit::kMissed);
}

}  // namespace

void add_rerun(CLI::App& app, int& exit_code) {
    const auto o = std::make_shared<RunOptions>();
    const auto file = std::make_shared<std::string>();
    app.add_option("file", *file, "run file of a finished run")->required();
    app.add_option("-o,--output", o->output, "new run file; NAME.rerun.h5 beside the old one when not given");
    app.add_option("--threads", o->threads, "threads; else SLURM_CPUS_PER_TASK, OMP_NUM_THREADS, affinity")
        ->check(CLI::Range(1, 4096));
    app.add_flag("--force", o->force, "replace an existing output");
    app.add_flag("-q,--quiet", o->quiet, "no progress; only whether it is identical");
    app.callback([o, file, &exit_code] {
        o->command = command_line;
        watch_for_stop(0.0);
        rerun(*o, *file, exit_code);
    });
}

}  // namespace respine
