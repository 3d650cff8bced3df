// respine run --seeds: one scenario with one seed after another.

#include <filesystem>

#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/jobs/run.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

std::string seed_file(const std::string& output, u64 seed) {
    const fs::path path(output);
    return (path.parent_path() /
            fmt::format("{}-seed{}{}", path.stem().string(), seed, path.extension().string()))
        .string();
}

// What stands in the way of any of the runs is said before the first one begins.
void need_no_files(const std::string& output, u64 first, int seeds) {
    std::string there;
    for (u64 seed = first; seed < first + static_cast<u64>(seeds); ++seed) {
        const std::string file = seed_file(output, seed);
        for (const std::string& path : {file, part_of(file), checkpoint_of(file)})
            if (fs::exists(path)) there += (there.empty() ? "" : ", ") + path;
    }
    if (!there.empty())
        fail(Exit::kIo,
             "{}: error: exists already; give another -o, --force to replace what is there, or --seed and "
             "--seeds that "
             "begin behind it",
             there);
}

}  // namespace

void run_seeds(const RunOptions& o, Ranks& ranks, const Settings& settings) {
    const Scenario s = load_scenario(o.scenario, settings);
    const std::string output = o.output.empty() ? s.name + ".h5" : o.output;
    if (!o.force && !o.dry_run) at_root(ranks, [&] { need_no_files(output, s.seed, o.seeds); });
    for (u64 seed = s.seed; seed < s.seed + static_cast<u64>(o.seeds); ++seed) {
        Settings own = settings;
        own.emplace_back("seed", std::to_string(seed));
        RunOptions one = o;
        one.output = seed_file(output, seed);
        run_inputs(one, ranks, load_inputs(load_scenario(o.scenario, own)));
        if (!o.dry_run) continue;
        fmt::print("# runs               {} with seeds {} to {}, each as above, into {} and so on\n", o.seeds,
                   seed, seed + static_cast<u64>(o.seeds) - 1, one.output);
        return;
    }
}

}  // namespace respine
