#include "analysis/export/sonata_report.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/model/error.hpp"
#include "sim/model/scenario.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

constexpr double kMilliseconds = 3.6e6;  // in an hour
constexpr double kSameTime = 0.5 / kHour;

struct Stretch {
    size_t first = 0, count = 0;
};

Stretch longest_even(const std::vector<double>& hours) {
    Stretch best;
    for (size_t first = 0; first + 1 < hours.size();) {
        const double step = hours[first + 1] - hours[first];
        size_t last = first + 1;
        while (last + 1 < hours.size() && std::fabs(hours[last + 1] - hours[last] - step) < kSameTime) ++last;
        if (last - first + 1 > best.count) best = {first, last - first + 1};
        first = last;
    }
    return best;
}

void tell_left_out(const std::vector<double>& hours, const Stretch& even, Notes& notes) {
    std::string left_out;
    for (size_t k = 0; k < hours.size(); ++k)
        if (k < even.first || k >= even.first + even.count)
            left_out += fmt::format("{}{:g} h", left_out.empty() ? "" : ", ", hours[k]);
    if (left_out.empty()) return;
    notes.push_back(
        fmt::format("reports hold the {} snapshots from {:g} h on, every {:g} h; left out, as not evenly "
                    "spaced with these: {}. "
                    "Evenly spaced record.snapshots in the scenario put all of them into the reports",
                    even.count, hours[even.first], hours[even.first + 1] - hours[even.first], left_out));
}

void write_report(const H5File& run, const std::string& field, const SonataIds& ids, const Stretch& even,
                  const std::vector<double>& hours, const std::string& path) {
    const std::string from = "/snapshots/" + field;
    const size_t width = run.extent(from)[1];
    NewFile whole(path);
    H5File file = H5File::create(whole.part());
    write_sonata_root(file);
    for (const SonataPopulation& p : ids.populations) {
        std::vector<u32> shown;  // a field of excitatory neurons has no values of others
        for (const u32 i : p.neurons)
            if (i < width) shown.push_back(i);
        if (shown.empty()) continue;
        const std::string to = "/report/" + p.name;
        const hsize_t n = shown.size();
        file.create_dataset<float>(
            to + "/data", {{0, n}, {}, true, {1, std::min<hsize_t>(n, 65536)}},
            {run.text_attribute(from, "units"), run.text_attribute(from, "long_name")});
        for (size_t k = 0; k < even.count; ++k) {
            const std::vector<float> row = snapshot_row(run, field, even.first + k, width);
            std::vector<float> frame;
            for (const u32 i : shown) frame.push_back(row[i]);
            file.append<float>(to + "/data", frame);
        }
        std::vector<u64> node(n), pointers(n + 1);
        for (size_t k = 0; k < n; ++k) node[k] = ids.node_id[shown[k]];
        std::iota(pointers.begin(), pointers.end(), u64{0});
        const double step = (hours[even.first + 1] - hours[even.first]) * kMilliseconds,
                     start = hours[even.first] * kMilliseconds;
        const double time[] = {start, start + step * static_cast<double>(even.count), step};
        file.write_all<u64>(to + "/mapping/node_ids", node, {{n}, {}, false, {}},
                            {"1", "node of each column"});
        file.write_all<u64>(to + "/mapping/index_pointers", pointers, {{n + 1}, {}, false, {}},
                            {"1", "first column of each node"});
        file.write_all<u32>(to + "/mapping/element_ids", std::vector<u32>(n, 1), {{n}, {}, false, {}},
                            {"1", "one element a node"});
        file.write_all<double>(to + "/mapping/time", time, {{3}, {}, false, {}},
                               {"ms", "start, stop (not included) and step, on the clock of the scenario"});
    }
    file.close();
    whole.finish();
}

}  // namespace

void write_sonata_root(H5File& file) {
    constexpr u32 kMagic = 0x0A7A, kVersion[] = {0, 1};
    file.set_attribute("/", "magic", kMagic);
    file.set_attribute<u32>("/", "version", kVersion);
}

std::string report_file(const std::string& folder, const std::string& field) {
    return folder + "/" + field + "_report.h5";
}

void write_reports(const H5File& run, const SonataIds& ids, const std::string& folder, Notes& notes) {
    const std::vector<double> hours = snapshot_hours(run);
    const Stretch even = longest_even(hours);
    if (even.count < 2)
        return notes.push_back(
            "no reports: they need two snapshots or more; set record.snapshots in the scenario");
    tell_left_out(hours, even, notes);
    for (const std::string& field : snapshot_fields(run))
        write_report(run, field, ids, even, hours, report_file(folder, field));
}

}  // namespace respine
