// respine run --seeds and --ensemble: one scenario with one seed after another, or one parameter set.

#include <filesystem>

#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/jobs/ensemble.hpp"
#include "sim/jobs/run.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

// One run of several: what tells its file apart, and what it is set to.
struct Variant {
    std::string name;
    Settings settings;
};

std::string file_of(const std::string& output, const Variant& variant) {
    const fs::path path(output);
    return (path.parent_path() /
            fmt::format("{}-{}{}", path.stem().string(), variant.name, path.extension().string()))
        .string();
}

// What stands in the way of any of the runs is said before the first one begins.
void need_no_files(const std::string& output, const std::vector<Variant>& variants, const char* instead) {
    std::string there;
    for (const Variant& v : variants) {
        const std::string file = file_of(output, v);
        for (const std::string& path : {file, part_of(file), checkpoint_of(file)})
            if (fs::exists(path)) there += (there.empty() ? "" : ", ") + path;
    }
    if (!there.empty())
        fail(Exit::kIo, "{}: error: exists already; give another -o, --force to replace what is there{}",
             there, instead);
}

void run_variants(const RunOptions& o, Ranks& ranks, const Settings& settings,
                  const std::vector<Variant>& variants, const char* instead) {
    const Scenario s = load_scenario(o.scenario, settings);
    const std::string output = o.output.empty() ? s.name + ".h5" : o.output;
    if (!o.force && !o.dry_run) at_root(ranks, [&] { need_no_files(output, variants, instead); });
    for (const Variant& v : variants) {
        Settings own = settings;
        own.insert(own.end(), v.settings.begin(), v.settings.end());
        RunOptions one = o;
        one.output = file_of(output, v);
        run_inputs(one, ranks, load_inputs(load_scenario(o.scenario, own)));
        if (!o.dry_run) continue;
        fmt::print("# runs               {}: {} to {}, each as above, into {} and so on\n", variants.size(),
                   v.name, variants.back().name, one.output);
        return;
    }
}

}  // namespace

void run_seeds(const RunOptions& o, Ranks& ranks, const Settings& settings) {
    const u64 first = load_scenario(o.scenario, settings).seed;
    std::vector<Variant> variants;
    for (u64 seed = first; seed < first + static_cast<u64>(o.seeds); ++seed)
        variants.push_back({fmt::format("seed{}", seed), {{"seed", std::to_string(seed)}}});
    run_variants(o, ranks, settings, variants, ", or --seed and --seeds that begin behind it");
}

void run_members(const RunOptions& o, Ranks& ranks, const Settings& settings) {
    const Ensemble ensemble = load_ensemble(o.ensemble, o.members);
    std::vector<Variant> variants;
    for (size_t k = 0; k < ensemble.size(); ++k)
        variants.push_back({fmt::format("member{}", ensemble.numbers[k]), ensemble.settings(k)});
    run_variants(o, ranks, settings, variants, "");
}

}  // namespace respine
