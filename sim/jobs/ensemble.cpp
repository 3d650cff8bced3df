#include "sim/jobs/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/output.hpp"
#include "sim/jobs/jobs.hpp"
#include "sim/model/format_version.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

std::string file_named(const std::string& name) {
    if (fs::exists(name) || name.ends_with(".h5")) return name;
    const std::string folder = config_folder() + "/ensembles";
    if (const std::string file = folder + "/" + name + ".h5"; fs::exists(file)) return file;
    std::vector<std::string> known;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        known.push_back(entry.path().stem().string());
    fail(Exit::kUsage, "--ensemble: there is no ensemble '{}'{}; respine infer makes one", name,
         suggestion(name, known));
}

void check(const H5File& file, const Ensemble& e) {
    const size_t count = file.extent("/members/value").at(0);
    if (e.keys.empty() || e.units.size() != e.keys.size() || count == 0 ||
        file.size("/members/value") != count * e.keys.size())
        fail(Exit::kInput, "{}: error: its parameters and members do not fit each other", e.file);
}

}  // namespace

Settings Ensemble::settings(size_t k) const {
    Settings out;
    for (size_t p = 0; p < keys.size(); ++p) out.emplace_back(keys[p], setting_text(values[k][p], units[p]));
    out.emplace_back("member", std::to_string(numbers[k]));
    return out;
}

Ensemble load_ensemble(const std::string& name, int members) {
    Ensemble e{.file = file_named(name), .name = {}, .keys = {}, .units = {}, .values = {}, .numbers = {}};
    const H5File file = H5File::open(e.file);
    if (file.text_attribute("/", "kind") != kEnsembleFormat)
        fail(Exit::kInput, "{}: error: is no ensemble of parameter sets, as respine infer writes it", e.file);
    need_version(e.file, kEnsembleFormat, file.number_attribute("/", "format_version", 0.0), kEnsembleVersion,
                 file.text_attribute("/", "program"));
    e.name = file.text_attribute("/", "name");
    e.keys = file.read_strings("/parameters/key");
    e.units = file.read_strings("/parameters/unit");
    check(file, e);
    const auto count = static_cast<size_t>(file.extent("/members/value").at(0));
    const size_t wanted = members > 0 ? static_cast<size_t>(members) : count;
    if (wanted > count)
        fail(Exit::kUsage, "--members {}: {} has {}; ask for at most that", members, e.file, count);
    for (size_t k = 0; k < wanted; ++k) {
        const size_t row = wanted == 1 ? 0 : (k * (count - 1)) / (wanted - 1);
        e.numbers.push_back(static_cast<u32>(row) + 1);
        e.values.push_back(file.read_row<double>("/members/value", row));
        if (!std::all_of(e.values.back().begin(), e.values.back().end(),
                         [](double v) { return std::isfinite(v); }))
            fail(Exit::kInput, "{}: error: member {} has a value that is no number", e.file, row + 1);
    }
    return e;
}

std::vector<std::string> member_runs(const std::string& run, const Ensemble& ensemble,
                                     const std::string& folder, int at_once, ProgressStyle style) {
    make_folder(folder);
    const H5File file = H5File::open(run);
    const std::string stem = fs::path(run).stem().string();
    const std::string scenario = folder + "/" + stem + ".yaml";
    write_text(scenario, resolved_yaml(scenario_in(file)));
    std::vector<Job> jobs;
    std::vector<std::string> files;
    for (size_t k = 0; k < ensemble.size(); ++k) {
        files.push_back(job_file(folder, stem, fmt::format("member{}", ensemble.numbers[k])));
        jobs.push_back({scenario, files.back(), ensemble.settings(k)});
    }
    run_jobs(std::move(jobs), at_once, fmt::format("{} under {}", stem, ensemble.name), style);
    return files;
}

}  // namespace respine
