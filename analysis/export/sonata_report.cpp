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

// A report's source: a field of a run, over an even stretch of its snapshots.
struct Frames {
    const H5File& run;
    const std::string& field;
    const Stretch& even;
    const std::vector<double>& hours;
    size_t width;
};

void write_frames(H5File& file, const Frames& frames, const std::vector<u32>& shown, const std::string& to) {
    const std::string from = "/snapshots/" + frames.field;
    const hsize_t n = shown.size();
    file.create_dataset<float>(
        to + "/data", {{0, n}, {}, true, {1, std::min<hsize_t>(n, 65536)}},
        {frames.run.text_attribute(from, "units"), frames.run.text_attribute(from, "long_name")});
    for (size_t k = 0; k < frames.even.count; ++k) {
        const std::vector<float> row =
            snapshot_row(frames.run, frames.field, frames.even.first + k, frames.width);
        std::vector<float> frame;
        for (const u32 i : shown) frame.push_back(row[i]);
        file.append<float>(to + "/data", frame);
    }
}

// Which node and time a value of the frames belongs to.
void write_mapping(H5File& file, const Frames& frames, const std::vector<u64>& node, const std::string& to) {
    const hsize_t n = node.size();
    std::vector<u64> pointers(n + 1);
    std::iota(pointers.begin(), pointers.end(), u64{0});
    const double first = frames.hours[frames.even.first], second = frames.hours[frames.even.first + 1];
    const double step = (second - first) * kMilliseconds, start = first * kMilliseconds;
    const double time[] = {start, start + step * static_cast<double>(frames.even.count), step};
    file.write_all<u64>(to + "/node_ids", node, {{n}, {}, false, {}}, {"1", "node of each column"});
    file.write_all<u64>(to + "/index_pointers", pointers, {{n + 1}, {}, false, {}},
                        {"1", "first column of each node"});
    file.write_all<u32>(to + "/element_ids", std::vector<u32>(n, 1), {{n}, {}, false, {}},
                        {"1", "one element a node"});
    file.write_all<double>(to + "/time", time, {{3}, {}, false, {}},
                           {"ms", "start, stop (not included) and step, on the clock of the scenario"});
}

void write_report(const Frames& frames, const SonataIds& ids, const std::string& path) {
    NewFile whole(path);
    H5File file = H5File::create(whole.part());
    write_sonata_root(file);
    for (const SonataPopulation& p : ids.populations) {
        std::vector<u32> shown;  // a field of excitatory neurons has no values of others
        std::vector<u64> node;
        for (const u32 i : p.neurons) {
            if (i >= frames.width) continue;
            shown.push_back(i);
            node.push_back(ids.node_id[i]);
        }
        if (shown.empty()) continue;
        write_frames(file, frames, shown, "/report/" + p.name);
        write_mapping(file, frames, node, "/report/" + p.name + "/mapping");
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
        write_report({run, field, even, hours, run.extent("/snapshots/" + field)[1]}, ids,
                     report_file(folder, field));
}

}  // namespace respine
