// A run file: its bytes, or edits of a good one. What compare and inspect do with it.
#include <algorithm>
#include <cstdio>

#include "analysis/compare/compare.hpp"
#include "sim/cli/commands.hpp"
#include "tests/fuzz/hdf5_edits.hpp"
#include "tests/fuzz/small_run.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

namespace {

class Reader {
public:
    Reader() {
        if (!std::freopen("/dev/null", "w", stdout)) std::abort();  // what inspect prints
        Simulation sim(fuzz::small_inputs());
        Recorder recorder(good_, sim, {}, Claim::fresh(good_, false));
        fuzz::record_to(sim, recorder, sim.scenario().end());
        recorder.finish(sim);
        fuzz::keep_only(good_, [](std::string_view name) {
            constexpr std::string_view kSeries[] = {"/history/time",           "/history/rate_e",
                                                    "/history/glutamate",      "/history/spine_density",
                                                    "/history/formation_rate", "/history/elimination_rate",
                                                    "/history/response_index", "/history/plasma_ketamine",
                                                    "/snapshots/time",         "/snapshots/rate"};
            constexpr std::string_view kGroups[] = {"/imaging/", "/snapshots/synapses/001/",
                                                    "/network/group_", "/network/population_"};
            return std::ranges::count(kSeries, name) > 0 ||
                   std::ranges::any_of(kGroups,
                                       [&](std::string_view group) { return name.starts_with(group); });
        });
        H5File file = H5File::open_to_write(good_);
        for (const char* group :
             {"/history/rate_E", "/history/rate_PV", "/history/rate_SST"})  // as a microcircuit has them
            H5Lcreate_hard(file.id(), "/history/rate_e", file.id(), group, H5P_DEFAULT, H5P_DEFAULT);
        file.close();
        objects_ = fuzz::objects_of(good_);
        bytes_ = fuzz::bytes_of(good_);
    }

    void read(std::string_view input) const {
        const bool whole = input.starts_with("\x89HDF");
        const std::string path = folder_.write("run.h5", whole ? input : bytes_);
        fuzz::expect_words([&] {
            const H5File held = whole ? H5File::open(path) : fuzz::edit(path, objects_, input);
            constexpr void (*kReaders[])(const std::string&) = {compare, look_closer, list_all, look_at_rate};
            for (size_t k = 0; k < std::size(kReaders); ++k)  // one an execution, by the length of the input
                if (fuzz::heard || k == input.size() % fuzz::kEditBytes % std::size(kReaders))
                    fuzz::expect_words([&] { kReaders[k](path); });
        });
    }

private:
    static void compare(const std::string& path) {
        std::vector<RunFile> runs;
        runs.emplace_back(path);
        const Comparison comparison = compare_runs(runs, group_arms(runs), runs.front().path());
        as_text(comparison, false), as_json(comparison);
    }

    static void look_closer(const std::string& path) {  // as the tables of targets do
        const RunFile run(path);
        fuzz::expect_words([&] { run.spines_seen(1), run.head_width_ratio(1); });
        fuzz::expect_words([&] { run.worst_population_fold(); });
        run.derived("peak_plasma_ketamine");
    }

    static void list_all(const std::string& path) { inspect(path, ""); }
    static void look_at_rate(const std::string& path) { inspect(path, "rate"); }

    static void inspect(const std::string& path, const std::string& field) {
        int exit_code = 0;
        CLI::App app;
        add_inspect(app, exit_code);
        std::vector<std::string> words = {path};
        if (!field.empty()) words = {field, "--field", path};  // CLI11 takes them from the back
        app.parse(words);
    }

    fuzz::Folder folder_;
    std::string good_ = folder_.file("good.h5"), bytes_;
    std::vector<std::string> objects_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Reader reader;
    reader.read(fuzz::text_of(data, size));
    return 0;
}
