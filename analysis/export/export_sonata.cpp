#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/export/export.hpp"
#include "analysis/export/sonata_ids.hpp"
#include "analysis/export/sonata_report.hpp"
#include "sim/model/error.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

constexpr i64 kFirstType = 100;  // as in the examples of the format
constexpr const char* kFiles[] = {"nodes.h5", "node_types.csv", "edges.h5", "edge_types.csv"};
constexpr const char* kConfig = "circuit_config.json";

void write_root(H5File& file, const Circuit& c) {
    write_sonata_root(file);
    file.set_attribute("/", "made_by", std::string("respine export"));
    file.set_attribute("/", "run", c.run);
    file.set_attribute("/", "time_h", c.hours);
}

// A list, stretch by stretch: there may be billions.
template <class T, class Value>
void write_list(H5File& file, const std::string& path, const About& about, size_t size, const Value& value) {
    file.create_dataset<T>(path, {{size}, {}, false, {}}, about);
    std::vector<T> values;
    for (size_t first = 0; first < size; first += kStagedValues) {
        values.clear();
        for (size_t k = first; k < std::min(size, first + kStagedValues); ++k)
            values.push_back(static_cast<T>(value(k)));
        file.write_block<T>(path, first, values);
    }
}

void write_nodes(const Circuit& c, const SonataIds& ids, const std::string& path) {
    NewFile whole(path);
    H5File file = H5File::create(whole.part());
    write_root(file, c);
    for (const SonataPopulation& p : ids.populations) {
        const std::string to = "/nodes/" + p.name;
        const size_t n = p.neurons.size();
        write_list<u64>(file, to + "/node_id", {"1", "id of the node in its population"}, n,
                        [&](size_t k) { return ids.node_id[p.neurons[k]]; });
        write_list<i64>(file, to + "/node_type_id", {"1", "row of node_types.csv"}, n,
                        [&](size_t k) { return kFirstType + c.group[p.neurons[k]]; });
        write_list<u32>(file, to + "/node_group_id", {"1", "group that holds the attributes"}, n,
                        [](size_t) { return 0; });
        write_list<u64>(file, to + "/node_group_index", {"1", "place in that group"}, n,
                        [](size_t k) { return k; });
        for (size_t axis = 0; axis < 3; ++axis)
            write_list<float>(file, to + "/0/" + c.neurons[axis].name, {"um", c.neurons[axis].long_name}, n,
                              [&](size_t k) { return c.neurons[axis].values[p.neurons[k]]; });
        if (ids.kept) continue;
        std::vector<std::string> texts;
        for (const u32 i : p.neurons) texts.push_back(c.id[i]);
        file.write_strings(to + "/0/respine_id", texts, "",
                           {"1", "id in the user's network, or number in the run"});
    }
    file.close();
    whole.finish();
}

// Cells between spaces; one with spaces or quotes of its own stands in quotes.
std::string spaced(const std::vector<std::string>& cells) {
    std::string line;
    for (const std::string& cell : cells) {
        std::string doubled;
        for (const char c : cell) doubled += c == '"' ? std::string("\"\"") : std::string(1, c);
        const bool plain = !cell.empty() && cell.find_first_of(" \"") == std::string::npos;
        line += (line.empty() ? "" : " ") + (plain ? cell : '"' + doubled + '"');
    }
    return line + "\n";
}

std::string node_types(const Circuit& c, const SonataIds& ids) {
    std::set<std::pair<u32, u8>> used;
    for (u32 i = 0; i < c.size(); ++i) used.emplace(ids.population[i], c.group[i]);
    std::string text =
        spaced({"node_type_id", "population", "pop_name", "cell_type", "ei", "model_type", "model_template"});
    for (const auto& [population, g] : used) {
        const CellType type = c.groups[g].type;
        text += spaced({std::to_string(kFirstType + g), ids.populations[population].name, c.groups[g].name,
                        std::string(kCellTypeNames[static_cast<size_t>(type)]),
                        type == CellType::kE ? "e" : "i", "point_neuron", "NULL"});
    }
    return text;
}

// All synapses from one population to another, by target, then as they stand in its row.
struct EdgePopulation {
    std::string name;
    u32 source, target;  // populations
    std::vector<u64> synapse;
    std::vector<u32> onto;  // target neuron of each
};

std::vector<EdgePopulation> edge_populations(const Circuit& c, const SonataIds& ids) {
    const size_t count = ids.populations.size();
    std::vector<EdgePopulation> all(count * count);
    for (u32 t = 0; t < count; ++t)
        for (const u32 target : ids.populations[t].neurons)
            for (u64 k = c.begin[target]; k < c.begin[target + 1]; ++k) {
                EdgePopulation& e = all[ids.population[c.source[k]] * count + t];
                e.source = ids.population[c.source[k]];
                e.target = t;
                e.synapse.push_back(k);
                e.onto.push_back(target);
            }
    std::erase_if(all, [](const EdgePopulation& e) { return e.synapse.empty(); });
    for (EdgePopulation& e : all)
        e.name = ids.populations[e.source].name + "_to_" + ids.populations[e.target].name;
    return all;
}

// A type for each pair of groups, plastic or fixed.
i64 edge_type(const Circuit& c, u8 source_group, u8 target_group, bool plastic) {
    return kFirstType +
           2 * (static_cast<i64>(source_group) * static_cast<i64>(c.groups.size()) + target_group) +
           (plastic ? 1 : 0);
}

// The ranges of edges of each node, as SONATA's two-level index has them: node -> slice of the list of ranges
// -> edges.
void write_index(H5File& file, const std::string& to, size_t nodes, const std::vector<u64>& node_of_edge) {
    std::vector<std::pair<u64, u64>> runs;  // node, first edge; each ends where the next begins
    for (u64 e = 0; e < node_of_edge.size(); ++e)
        if (e == 0 || node_of_edge[e] != node_of_edge[e - 1]) runs.emplace_back(node_of_edge[e], e);
    std::vector<u64> order(runs.size());
    for (u64 k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&](u64 a, u64 b) { return runs[a].first < runs[b].first; });
    std::vector<i64> slices(2 * nodes, 0), ranges;
    for (const u64 k : order) {
        const size_t at = 2 * runs[k].first;
        const i64 row = static_cast<i64>(ranges.size() / 2);
        if (slices[at + 1] == 0) slices[at] = row;
        slices[at + 1] = row + 1;
        ranges.push_back(static_cast<i64>(runs[k].second));
        ranges.push_back(static_cast<i64>(k + 1 < runs.size() ? runs[k + 1].second : node_of_edge.size()));
    }
    file.write_all<i64>(to + "/node_id_to_ranges", slices, {{nodes, 2}, {}, false, {}},
                        {"1", "first and last row (not included) of range_to_edge_id"});
    file.write_all<i64>(to + "/range_to_edge_id", ranges, {{ranges.size() / 2, 2}, {}, false, {}},
                        {"1", "first and last edge (not included)"});
}

// The index has a row for every number up to the largest id.
bool is_dense(const SonataPopulation& p, u64 last) { return last < 4 * p.neurons.size() + 1000; }

// One group for all, because many readers take no more; what a fixed synapse has not is NaN.
void write_attributes(H5File& file, const Circuit& c, const std::string& group,
                      const std::vector<u64>& synapses) {
    file.make_group(group);
    for (const SynapseColumn& known : kSynapseColumns)
        for (const Column& column : c.synapses)
            if (column.name == known.name)
                write_list<float>(file, group + "/" + known.sonata, {column.unit, column.long_name},
                                  synapses.size(), [&](size_t k) { return column.values[synapses[k]]; });
}

void write_edge_population(H5File& file, const Circuit& c, const SonataIds& ids, const EdgePopulation& e,
                           Notes& notes) {
    const std::string to = "/edges/" + e.name;
    const size_t n = e.synapse.size();
    const auto plastic = [&](size_t k) { return c.is_plastic(e.onto[k], e.synapse[k]); };
    std::vector<u64> source(n), target(n);
    for (size_t k = 0; k < n; ++k) {
        source[k] = ids.node_id[c.source[e.synapse[k]]];
        target[k] = ids.node_id[e.onto[k]];
    }
    struct End {
        const char *dataset, *long_name, *index;
        const std::vector<u64>& node;
        const SonataPopulation& population;
    };
    for (const End& end : {End{"/source_node_id", "presynaptic node", "/indices/source_to_target", source,
                               ids.populations[e.source]},
                           End{"/target_node_id", "postsynaptic node", "/indices/target_to_source", target,
                               ids.populations[e.target]}}) {
        write_list<u64>(file, to + end.dataset, {"1", end.long_name}, n,
                        [&](size_t k) { return end.node[k]; });
        file.set_attribute(to + end.dataset, "node_population", end.population.name);
        const u64 last = ids.node_id[end.population.neurons.back()];
        if (is_dense(end.population, last))
            write_index(file, to + end.index, last + 1, end.node);
        else
            notes.push_back(fmt::format("{}{}: left out, as the ids of {} nodes of '{}' reach {}", to,
                                        end.index, end.population.neurons.size(), end.population.name, last));
    }
    write_list<i64>(file, to + "/edge_type_id", {"1", "row of edge_types.csv"}, n, [&](size_t k) {
        return edge_type(c, c.group[c.source[e.synapse[k]]], c.group[e.onto[k]], plastic(k));
    });
    write_list<u32>(file, to + "/edge_group_id", {"1", "group that holds the attributes"}, n,
                    [](size_t) { return 0; });
    write_list<u64>(file, to + "/edge_group_index", {"1", "place in that group"}, n,
                    [](size_t k) { return k; });
    write_attributes(file, c, to + "/0", e.synapse);
}

std::string edge_types(const Circuit& c, const SonataIds& ids,
                       const std::vector<EdgePopulation>& populations) {
    std::string text =
        spaced({"edge_type_id", "population", "target_query", "source_query", "plastic", "model_template"});
    for (const EdgePopulation& e : populations) {
        std::set<std::tuple<u8, u8, bool>> used;
        for (size_t k = 0; k < e.synapse.size(); ++k)
            used.emplace(c.group[c.source[e.synapse[k]]], c.group[e.onto[k]],
                         c.is_plastic(e.onto[k], e.synapse[k]));
        const auto query = [&](u32 population, u8 g) {
            return fmt::format("population=='{}'&pop_name=='{}'", ids.populations[population].name,
                               c.groups[g].name);
        };
        for (const auto& [s, t, plastic] : used) {
            text += spaced({std::to_string(edge_type(c, s, t, plastic)), e.name, query(e.target, t),
                            query(e.source, s), plastic ? "1" : "0", "NULL"});
        }
    }
    return text;
}

std::string circuit_config() {
    const nlohmann::ordered_json config = {
        {"target_simulator", "respine"},
        {"manifest", {{"$BASE_DIR", "."}}},
        {"networks",
         {{"nodes",
           {{{"nodes_file", "$BASE_DIR/nodes.h5"}, {"node_types_file", "$BASE_DIR/node_types.csv"}}}},
          {"edges",
           {{{"edges_file", "$BASE_DIR/edges.h5"}, {"edge_types_file", "$BASE_DIR/edge_types.csv"}}}}}}};
    return config.dump(2) + "\n";
}

}  // namespace

std::vector<std::string> sonata_files(const H5File& run, const std::string& folder) {
    std::vector<std::string> files;
    for (const char* name : kFiles) files.push_back(folder + "/" + name);
    for (const std::string& field : snapshot_fields(run)) files.push_back(report_file(folder, field));
    files.push_back(folder + "/" + kConfig);
    return files;
}

void export_sonata(const H5File& run, const Circuit& c, const std::string& folder, Notes& notes) {
    make_folder(folder);
    const SonataIds ids = sonata_ids(c.id);
    const std::vector<EdgePopulation> populations = edge_populations(c, ids);
    write_nodes(c, ids, folder + "/nodes.h5");
    write_new_text(folder + "/node_types.csv", node_types(c, ids));
    {
        NewFile whole(folder + "/edges.h5");
        H5File file = H5File::create(whole.part());
        write_root(file, c);
        file.make_group("/edges");
        for (const EdgePopulation& e : populations) write_edge_population(file, c, ids, e, notes);
        file.close();
        whole.finish();
    }
    write_new_text(folder + "/edge_types.csv", edge_types(c, ids, populations));
    write_reports(run, ids, folder, notes);
    write_new_text(folder + "/" + kConfig, circuit_config());  // last: where it stands, all is there
}

}  // namespace respine
