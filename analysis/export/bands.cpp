#include "analysis/export/bands.hpp"

#include <algorithm>
#include <filesystem>

#include "analysis/read/run_file.hpp"
#include "analysis/read/series.hpp"
#include "sim/jobs/ensemble.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

bool is_series(const std::string& name) {
    return name != "time" && name != "quantile" && !name.ends_with("_sd") && !name.ends_with("_quantiles");
}

void write_series(H5File& out, const std::string& name, const std::vector<double>& time,
                  const std::vector<RunFile>& members) {
    const std::string path = "/history/" + name;
    std::vector<float> median(time.size()), quantiles;
    std::vector<double> values(members.size());
    for (size_t row = 0; row < time.size(); ++row) {
        for (size_t k = 0; k < members.size(); ++k)
            values[k] = Series{members[k].time(), members[k].series(name)}.at(time[row]);
        const std::array<double, 5> band = band_of(values);
        quantiles.insert(quantiles.end(), band.begin(), band.end());
        median[row] = static_cast<float>(band[kMedian]);
    }
    const std::string unit = out.text_attribute(path, "units"), word = out.text_attribute(path, "long_name");
    out.write_block<float>(path, 0, median);
    for (const char* of_neurons : {"_sd", "_quantiles"}) out.remove(path + of_neurons);
    out.write_all<float>(
        path + "_quantiles", quantiles,
        {{time.size(), kBandShares.size()}, {"/history/time", "/history/quantile"}, false, {}},
        {unit, word + ", quantiles over members of an ensemble"});
}

// Of each run: its name without folder, with its place where two runs share one.
std::vector<std::string> stems_of(const std::vector<std::string>& runs) {
    std::vector<std::string> stems;
    for (const std::string& run : runs) stems.push_back(std::filesystem::path(run).stem().string());
    const std::vector<std::string> plain = stems;
    for (size_t k = 0; k < stems.size(); ++k)
        if (std::count(plain.begin(), plain.end(), plain[k]) > 1) stems[k] += fmt::format("-{}", k + 1);
    return stems;
}

}  // namespace

void write_bands(const std::string& run, const std::vector<std::string>& members, const std::string& ensemble,
                 const std::string& path) {
    std::filesystem::copy_file(run, path, std::filesystem::copy_options::overwrite_existing);
    std::vector<RunFile> files;
    files.reserve(members.size());
    for (const std::string& member : members) files.emplace_back(member);
    const std::vector<double> time = RunFile(run).time();
    H5File out = H5File::open_to_write(path);
    for (const std::string& name : out.children("/history"))
        if (is_series(name)) write_series(out, name, time, files);
    out.set_attribute("/meta", "bands", std::string("members"));
    out.set_attribute("/meta", "ensemble", ensemble);
    out.set_attribute("/meta", "members", static_cast<u32>(members.size()));
    out.close();
}

MemberFiles BandOptions::member_files(const std::vector<std::string>& runs) const {
    for (const std::string& run : runs) RunFile{run};  // what is no run is refused before any simulation
    const Ensemble sets = load_ensemble(ensemble, members);
    const std::vector<std::string> stems = stems_of(runs);
    MemberFiles of{sets.name, {}};
    for (size_t k = 0; k < runs.size(); ++k)
        of.files.push_back(member_runs(runs[k], sets, work + "/" + stems[k], choose_threads(threads).threads,
                                       ProgressStyle::kText));
    return of;
}

std::vector<std::string> write_all_bands(const std::vector<std::string>& runs, const MemberFiles& members) {
    std::vector<std::string> files;
    for (size_t k = 0; k < runs.size(); ++k) {
        files.push_back(band_file_of(members.files[k].front()));
        write_bands(runs[k], members.files[k], members.ensemble, files.back());
    }
    return files;
}

std::string band_file_of(const std::string& member_file) {
    return std::filesystem::path(member_file).parent_path().string() + "-bands.h5";
}

}  // namespace respine
