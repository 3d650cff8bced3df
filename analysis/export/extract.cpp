#include "analysis/export/extract.hpp"

#include <algorithm>
#include <numeric>

#include "analysis/read/plastic_groups.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

const std::string kGraphs = "/snapshots/synapses";

void copy_object(const H5File& run, H5File& out, const std::string& path) {
    if (run.exists(path) &&
        H5Ocopy(run.id(), path.c_str(), out.id(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0)
        fail(Exit::kInput, "{}: error: {} cannot be copied (damaged?)", run.path(), path);
}

// Which synapses of a snapshot stay: whole rows, so that a neuron has either all of its synapses or none.
struct Rows {
    u64 every = 1;
    std::vector<u64> from, to;  // stretches of the full list
    std::vector<u64> offsets;   // of what stays
};

std::vector<u64> read_offsets(const H5File& run, const std::string& group) {
    const auto offsets = run.read<u64>(group + "/offsets");
    const auto synapses = run.extent(group + "/source");
    if (offsets.size() < 2 || offsets.front() != 0 || synapses.size() != 1 || offsets.back() != synapses[0] ||
        !std::is_sorted(offsets.begin(), offsets.end()))
        fail(Exit::kInput, "{}: error: {} is no consistent graph (damaged?)", run.path(), group);
    return offsets;
}

Rows choose_rows(const std::vector<u64>& offsets, u64 every) {
    Rows rows;
    rows.every = every;
    rows.offsets.push_back(0);
    for (size_t i = 0; i + 1 < offsets.size(); ++i) {
        const bool stays = i % every == 0;
        if (stays && offsets[i + 1] > offsets[i]) {
            rows.from.push_back(offsets[i]);
            rows.to.push_back(offsets[i + 1]);
        }
        rows.offsets.push_back(rows.offsets.back() + (stays ? offsets[i + 1] - offsets[i] : 0));
    }
    return rows;
}

// Stretch by stretch: the graph may be larger than the memory.
template <class T, class Visit>
void for_each_stretch(const H5File& run, const std::string& dataset, u64 total, Visit visit) {
    std::vector<T> values;
    for (u64 first = 0; first < total; first += kStagedValues) {
        values.resize(std::min<u64>(kStagedValues, total - first));
        run.read_block<T>(dataset, first, values);
        visit(first, std::as_const(values));
    }
}

template <class T>
void copy_rows(const H5File& run, H5File& out, const std::string& group, const std::string& name,
               const Rows& rows, u64 total) {
    std::vector<T> kept;
    size_t row = 0;
    for_each_stretch<T>(run, group + name, total, [&](u64 first, const std::vector<T>& values) {
        const u64 end = first + values.size();
        for (; row < rows.from.size() && rows.from[row] < end; ++row) {
            const u64 from = std::max(first, rows.from[row]), to = std::min(end, rows.to[row]);
            kept.insert(kept.end(), values.begin() + static_cast<std::ptrdiff_t>(from - first),
                        values.begin() + static_cast<std::ptrdiff_t>(to - first));
            if (rows.to[row] > end) break;  // goes on in the next stretch
        }
    });
    const std::string path = group + name;
    out.write_all<T>(path, kept, {{kept.size()}, {group + "/synapse"}, false, {}},
                     {run.text_attribute(path, "units"), run.text_attribute(path, "long_name")});
}

u64 formed_since(const H5File& run, const std::string& group, double days, u64 total) {
    u64 formed = 0;
    for_each_stretch<float>(run, group + "/birth", total, [&](u64, const std::vector<float>& birth) {
        formed +=
            static_cast<u64>(std::count_if(birth.begin(), birth.end(), [&](float b) { return b > days; }));
    });
    return formed;
}

void copy_graph(const H5File& run, H5File& out, const std::string& group, u64 every, double before_hours) {
    const std::vector<u64> offsets = read_offsets(run, group);
    const u64 total = offsets.back();
    const Rows rows = choose_rows(offsets, every);
    out.write_all<u64>(group + "/offsets", rows.offsets, {{rows.offsets.size()}, {}, false, {}},
                       {"1", run.text_attribute(group + "/offsets", "long_name")}, true);
    std::vector<u64> number(rows.offsets.back());
    std::iota(number.begin(), number.end(), u64{0});
    out.write_all<u64>(group + "/synapse", number, {{number.size()}, {}, false, {}},
                       {"1", "number of the live synapse"}, true);
    copy_rows<u32>(run, out, group, "/source", rows, total);
    copy_rows<float>(run, out, group, "/log_size", rows, total);
    copy_rows<float>(run, out, group, "/birth", rows, total);
    out.set_attribute(group, "time_h", run.number_attribute(group, "time_h", 0.0));
    out.set_attribute(group, "every", static_cast<i64>(rows.every));
    out.set_attribute(group, "live", static_cast<i64>(total));
    out.set_attribute(group, "formed",
                      static_cast<i64>(formed_since(run, group, before_hours / 24.0, total)));
}

}  // namespace

void write_extract(const H5File& run, const std::string& path, u64 synapses) {
    H5File out = H5File::create(path);
    out.set_attribute("/", "format", run.text_attribute("/", "format"));
    out.set_attribute("/", "format_version", static_cast<i64>(kFormatVersion));
    for (const char* group : {"/meta", "/history", "/events", "/network", "/imaging", "/derived"})
        copy_object(run, out, group);
    if (run.exists("/snapshots")) {
        out.make_group("/snapshots");
        for (const std::string& name : run.children("/snapshots"))
            if (name != "synapses") copy_object(run, out, "/snapshots/" + name);
        u64 largest = 0;
        const std::vector<std::string> graphs =
            run.exists(kGraphs) ? run.children(kGraphs) : std::vector<std::string>{};
        for (const std::string& name : graphs)
            for (const std::string& group : plastic_groups(run, kGraphs + "/" + name))
                largest = std::max(largest, read_offsets(run, group).back());
        const u64 every =
            std::max<u64>(1, (largest + synapses - 1) /
                                 synapses);  // the same neurons at all times, or nothing could be followed
        double before = -1e9;
        for (const std::string& name : graphs) {
            const std::string snapshot = kGraphs + "/" + name;
            for (const std::string& group : plastic_groups(run, snapshot))
                copy_graph(run, out, group, every, before);
            before = run.number_attribute(snapshot, "time_h", before);
        }
    }
    out.close();
}

}  // namespace respine
