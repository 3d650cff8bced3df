// A run file: its bytes, or edits of a good one. What compare and inspect do with it.
#include <cstdio>

#include "analysis/compare.hpp"
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
        objects_ = fuzz::objects_of(good_);
        bytes_ = fuzz::bytes_of(good_);
    }

    void read(std::string_view input) const {
        const bool whole = input.starts_with("\x89HDF");
        const std::string path = folder_.write("run.h5", whole ? input : bytes_);
        if (!whole) fuzz::edit(path, objects_, input);
        fuzz::expect_words([&] {
            std::vector<RunFile> runs;
            runs.emplace_back(path);
            const Comparison comparison = compare_runs(runs, runs.front().name());
            as_text(comparison, false), as_json(comparison);
        });
        for (const char* field : {"", "rate"}) fuzz::expect_words([&] { inspect(path, field); });
    }

private:
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
