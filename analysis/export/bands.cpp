#include "analysis/export/bands.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/read/run_file.hpp"
#include "analysis/read/series.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr double kShares[] = {0.05, 0.25, 0.5, 0.75, 0.95};
constexpr size_t kMedian = 2;

bool is_series(const std::string& name) {
    return name != "time" && name != "quantile" && !name.ends_with("_sd") && !name.ends_with("_quantiles");
}

// At a share of sorted values, linear between them.
double quantile_of(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(place);
    const size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void write_series(H5File& out, const std::string& name, const std::vector<double>& time,
                  const std::vector<RunFile>& members) {
    const std::string path = "/history/" + name;
    std::vector<float> median(time.size()), quantiles;
    std::vector<double> values(members.size());
    for (size_t row = 0; row < time.size(); ++row) {
        for (size_t k = 0; k < members.size(); ++k)
            values[k] = Series{members[k].time(), members[k].series(name)}.at(time[row]);
        std::sort(values.begin(), values.end());
        for (const double share : kShares)
            quantiles.push_back(static_cast<float>(quantile_of(values, share)));
        median[row] = quantiles[quantiles.size() - std::size(kShares) + kMedian];
    }
    const std::string unit = out.text_attribute(path, "units"), word = out.text_attribute(path, "long_name");
    out.write_block<float>(path, 0, median);
    for (const char* of_neurons : {"_sd", "_quantiles"}) out.remove(path + of_neurons);
    out.write_all<float>(
        path + "_quantiles", quantiles,
        {{time.size(), std::size(kShares)}, {"/history/time", "/history/quantile"}, false, {}},
        {unit, word + ", quantiles over members of an ensemble"});
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

}  // namespace respine
