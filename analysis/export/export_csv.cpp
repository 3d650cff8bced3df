#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/export/export.hpp"
#include "sim/model/error.hpp"
#include "sim/system/new_file.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

constexpr const char* kLineEnd = "\r\n";  // as RFC 4180 has it

std::string cell(float v) { return std::isfinite(v) ? fmt::format(",{}", v) : ","; }

template <class Lines>
void write_table(const std::string& path, std::string header, const std::vector<Column>& columns,
                 const Lines& lines) {
    NewFile whole(path);
    std::ofstream out(whole.part(), std::ios::binary);
    for (const Column& column : columns) header += "," + csv_text(column.name);
    out << header << kLineEnd;
    lines(out);
    out.close();
    if (!out) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
    whole.finish();
}

nlohmann::ordered_json described(const std::vector<Column>& columns, nlohmann::ordered_json own) {
    for (const Column& column : columns)
        own[column.name] = {{"units", column.unit}, {"long_name", column.long_name}};
    return own;
}

void write_units(const Circuit& c, const std::string& path) {
    const auto words = [](const char* meaning) {
        return nlohmann::ordered_json{{"units", "1"}, {"long_name", meaning}};
    };
    const nlohmann::ordered_json json = {
        {"format", kTablesFormat},
        {"format_version", kTablesVersion},
        {"run", c.run},
        {"time", {{"value", c.hours}, {"units", "h"}}},
        {"nodes", described(c.neurons, {{"id", words("id in the user's network, or number in the run")},
                                        {"type", words("E, PV, SST or VIP")},
                                        {"group", words("group of neurons")}})},
        {"edges", described(c.synapses, {{"source", words("id of the presynaptic neuron")},
                                         {"target", words("id of the postsynaptic neuron")},
                                         {"plastic", words("1 comes and goes, 0 fixed structure")}})}};
    write_new_text(path, json_text(json) + "\n");
}

}  // namespace

std::vector<std::string> csv_files(const std::string& prefix) {
    return {prefix + "_nodes.csv", prefix + "_edges.csv", prefix + ".json"};
}

void export_csv(const Circuit& c, const std::string& prefix) {
    const std::vector<std::string> files = csv_files(prefix);
    write_table(files[0], "id,type,group", c.neurons, [&](std::ostream& out) {
        for (u32 i = 0; i < c.size(); ++i) {
            out << csv_text(c.id[i]) << ',' << kCellTypeNames[static_cast<size_t>(c.type(i))] << ','
                << csv_text(c.groups[c.group[i]].name);
            for (const Column& column : c.neurons) out << cell(column.values[i]);
            out << kLineEnd;
        }
    });
    write_table(files[1], "source,target,plastic", c.synapses, [&](std::ostream& out) {
        for (u32 target = 0; target < c.size(); ++target)
            for (u64 k = c.begin[target]; k < c.begin[target + 1]; ++k) {
                out << csv_text(c.id[c.source[k]]) << ',' << csv_text(c.id[target]) << ','
                    << (c.is_plastic(target, k) ? 1 : 0);
                for (const Column& column : c.synapses) out << cell(column.values[k]);
                out << kLineEnd;
            }
    });
    write_units(c, files[2]);
}

}  // namespace respine
