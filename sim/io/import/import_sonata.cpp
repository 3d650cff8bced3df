#include "sim/io/import/import_sonata.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "sim/io/import/circuit_config.hpp"
#include "sim/io/import/import_parts.hpp"
#include "sim/io/import/sonata_nodes.hpp"
#include "sim/io/import/sonata_weights.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/csv_reader.hpp"

namespace respine {

namespace {

constexpr u32 kLeftOut = 0xffffffffU;  // a virtual node
constexpr double kFarthest = 1e9;      // [um]

using NodeNumbers = std::unordered_map<i64, u32>;  // neuron by node id

class SonataImporter {
public:
    explicit SonataImporter(CellTypeNames& names) : names_(names) {}

    void add_nodes(const CircuitFiles::Table& table) {
        note_files(table);
        const H5File file = H5File::open(table.h5);
        const SonataTypes types(table.types);
        const std::vector<std::string> populations = file.children("/nodes");
        if (populations.empty())
            fail(Exit::kInput, "{}: error: there is no population in /nodes: is it a SONATA nodes file?",
                 table.h5);
        for (const std::string& name : populations) add_population(file, SonataNodes(file, name, types));
    }

    void add_edges(const CircuitFiles::Table& table) {
        note_files(table);
        const std::string& path = table.h5;
        const H5File file = H5File::open(path);
        const std::vector<std::string> populations = file.children("/edges");
        if (populations.empty())
            fail(Exit::kInput, "{}: error: there is no population in /edges: is it a SONATA edges file?",
                 path);
        for (const std::string& name : populations) {
            add_edge_population(file, "/edges/" + name);
            note_values(file, "/edges/" + name);
        }
        if (!table.types.empty()) note_columns(table.types);
    }

    void note_files(const CircuitFiles::Table& table) {
        for (const std::string& path : {table.h5, table.types})
            if (!path.empty() &&
                std::ranges::none_of(graph_.files, [&](const SourceFile& f) { return f.path == path; }))
                graph_.files.push_back({path, ""});
    }

    GraphFile finish() {
        if (placed_ < graph_.ids.size()) {
            const size_t without = graph_.ids.size() - placed_;
            if (placed_ > 0)
                graph_.notes.push_back(fmt::format("{} of {} neurons have no x and y, so no position counts",
                                                   without, graph_.ids.size()));
            graph_.x.clear(), graph_.y.clear(), graph_.z.clear();
        }
        std::move(edges_).give(graph_);
        if (virtual_edges_ > 0)
            graph_.notes.push_back(fmt::format("{} edges of virtual nodes are left out", virtual_edges_));
        return std::move(graph_);
    }

private:
    void add_population(const H5File& file, const SonataNodes& nodes) {
        if (!numbers_.emplace(nodes.population(), NodeNumbers()).second)
            fail(Exit::kInput, "{}: error: population '{}' stands in another nodes file too", file.path(),
                 nodes.population());
        const std::vector<std::string> model = nodes.attribute("model_type"), ei = nodes.attribute("ei"),
                                       sign = nodes.attribute("synapse_class");
        std::vector<std::string> name;
        for (const char* attribute : {"cell_type", "pop_name", "model_name"}) {
            const std::vector<std::string> values = nodes.attribute(attribute);
            name.resize(values.size());
            for (size_t k = 0; k < values.size(); ++k)
                if (name[k].empty()) name[k] = values[k];
        }
        const std::vector<std::string> position[] = {nodes.attribute("x"), nodes.attribute("y"),
                                                     nodes.attribute("z")};
        size_t left_out = 0;
        for (size_t k = 0; k < nodes.size(); ++k) {
            const bool real = model[k] != "virtual";
            left_out += real ? 0 : 1;
            number_node(file, nodes, k, real);
            if (!real) continue;
            graph_.types.push_back(
                names_.of_sonata(name[k].empty() ? fmt::format("{}", nodes.type_id(k)) : name[k],
                                 ei[k].empty() ? sign[k] : ei[k]));
            if (!position[0][k].empty() && !position[1][k].empty()) ++placed_;
            std::vector<float>* const axes[] = {&graph_.x, &graph_.y, &graph_.z};
            for (size_t a = 0; a < 3; ++a) axes[a]->push_back(coordinate(position[a][k], file, nodes, k));
        }
        if (left_out > 0)
            graph_.notes.push_back(fmt::format(
                "population '{}': {} virtual nodes are left out; respine drives the neurons itself",
                nodes.population(), left_out));
    }

    void number_node(const H5File& file, const SonataNodes& nodes, size_t k, bool real) {
        const i64 id = nodes.ids()[k];
        const std::string dataset = "/nodes/" + nodes.population() + "/node_id";
        if (id < 0)
            fail(Exit::kInput, "{}: error: dataset {}[{}] is {}; ids are not negative", file.path(), dataset,
                 k, id);
        if (real && graph_.ids.size() >= kMostNeurons)
            fail(Exit::kInput, "{}: error: more than {} neurons", file.path(), kMostNeurons);
        const u32 number = real ? static_cast<u32>(graph_.ids.size()) : kLeftOut;
        if (!numbers_[nodes.population()].emplace(id, number).second)
            fail(Exit::kInput, "{}: error: dataset {}[{}] is {}, which stands twice", file.path(), dataset, k,
                 id);
        if (real) graph_.ids.push_back(fmt::format("{}/{}", nodes.population(), id));
    }

    static float coordinate(const std::string& text, const H5File& file, const SonataNodes& nodes, size_t k) {
        if (text.empty()) return 0.0F;
        const auto value = parse_number(text);
        if (!value || std::fabs(*value) > kFarthest)
            fail(Exit::kInput, "{}: error: /nodes/{}: node {}: '{}' is not a position in um", file.path(),
                 nodes.population(), nodes.ids()[k], text);
        return static_cast<float>(*value);
    }

    // Values of single edges, in the groups 0, 1, ... of the population.
    void note_values(const H5File& file, const std::string& population) {
        std::vector<std::string> names;
        for (const std::string& group : file.children(population))
            for (const std::string& name : file.children(population + "/" + group))
                if (group != "indices" && !name.starts_with('@') && name != "dynamics_params" &&
                    !(name == "syn_weight" && SonataWeights::are_in(file, population)))
                    names.push_back(group + "/" + name);
        note_unused(graph_, file.path(), "the values of edges in " + population + ":", names);
    }

    void note_columns(const std::string& types) {
        const std::set<std::string> used = {"edge_type_id", "population"};
        std::vector<std::string> names;
        const CsvReader table(types, ' ');
        for (const auto& [name, index] : table.columns())
            if (!used.contains(name)) names.push_back(name);
        note_unused(graph_, types, "the columns", names);
    }

    // nullptr when the nodes of that end were not read.
    const NodeNumbers* population_of(const H5File& file, const std::string& dataset) {
        const std::string name = file.text_attribute(dataset, "node_population");
        if (name.empty())
            fail(
                Exit::kInput,
                "{}: error: dataset {} has no text attribute node_population, which says whose ids these are",
                file.path(), dataset);
        const auto found = numbers_.find(name);
        if (found != numbers_.end()) return &found->second;
        graph_.notes.push_back(fmt::format(
            "{}: {} holds ids of population '{}', whose nodes were not given: these edges are left out",
            file.path(), dataset, name));
        return nullptr;
    }

    static size_t checked_length(const H5File& file, const std::string& population) {
        size_t length = 0;
        for (const char* name :
             {"source_node_id", "target_node_id", "edge_type_id", "edge_group_id", "edge_group_index"}) {
            const std::string dataset = population + "/" + name;
            const bool wanted = dataset.ends_with("node_id");
            if (!file.is_dataset(dataset) && !wanted && !file.exists(dataset)) continue;
            if (!file.is_dataset(dataset))
                fail(Exit::kInput, "{}: error: there is no dataset {}; SONATA wants it", file.path(),
                     dataset);
            if (file.kind(dataset) != H5Kind::kInteger || file.extent(dataset).size() != 1)
                fail(Exit::kInput, "{}: error: dataset {} wants one dimension of whole numbers", file.path(),
                     dataset);
            const size_t size = file.size(dataset);
            if (std::string(name) == "source_node_id") length = size;
            if (size != length)
                fail(Exit::kInput,
                     "{}: error: dataset {} has {} values, source_node_id has {}; both want one an edge",
                     file.path(), dataset, size, length);
        }
        return length;
    }

    void add_edge_population(const H5File& file, const std::string& population) {
        const size_t total = checked_length(file, population);
        const std::string names[] = {population + "/source_node_id", population + "/target_node_id"};
        const NodeNumbers* const numbers[] = {population_of(file, names[0]), population_of(file, names[1])};
        if (!numbers[0] || !numbers[1]) return;
        if (total > kMostEdges - edges_.size())
            fail(Exit::kInput, "{}: error: more than {} edges", file.path(), kMostEdges);
        const SonataWeights weights(file, population, total);
        std::vector<i64> ids(std::min(total, kStagedValues));
        std::vector<u32> ends[2];
        for (size_t first = 0; first < total;
             first += kStagedValues) {  // stretch by stretch: there may be billions
            const size_t count = std::min(kStagedValues, total - first);
            for (const size_t side : {0U, 1U}) {
                file.read_block<i64>(names[side], first, {ids.data(), count});
                ends[side].clear();
                for (size_t k = 0; k < count; ++k)
                    ends[side].push_back(neuron(*numbers[side], ids[k], file, names[side], first + k));
            }
            const std::vector<float> of_edges = weights.of(first, count);
            for (size_t k = 0; k < count; ++k) {
                const bool real = ends[0][k] != kLeftOut && ends[1][k] != kLeftOut;
                virtual_edges_ += real ? 0 : 1;
                if (!real) continue;
                edges_.add(
                    ends[0][k], ends[1][k],
                    [&] { return fmt::format("{}: {}, edge {}", file.path(), population, first + k); },
                    weights.empty() ? std::nullopt : std::optional(of_edges[k]));
            }
        }
    }

    static u32 neuron(const NodeNumbers& numbers, i64 id, const H5File& file, const std::string& dataset,
                      size_t at) {
        const auto found = numbers.find(id);
        if (found == numbers.end())
            fail(Exit::kInput,
                 "{}: error: dataset {}[{}] is {}; population '{}' has no such node among its {}",
                 file.path(), dataset, at, id, file.text_attribute(dataset, "node_population"),
                 numbers.size());
        return found->second;
    }

    CellTypeNames& names_;
    GraphFile graph_;
    EdgeList edges_;
    std::unordered_map<std::string, NodeNumbers> numbers_;  // by population
    size_t placed_ = 0, virtual_edges_ = 0;
};

CircuitFiles files_of(const NetworkChoice& network) {
    if (network.file.ends_with(".json")) {
        if (!network.nodes.empty() || !network.node_types.empty())
            fail(Exit::kInput,
                 "{}: error: a circuit names its nodes and node types itself; leave out network.nodes and "
                 "network.node_types",
                 network.file);
        return read_circuit_config(network.file);
    }
    if (network.nodes.empty())
        fail(Exit::kInput,
             "{}: error: SONATA edges need their nodes: network: {{kind: file, file: edges.h5, nodes: "
             "nodes.h5}}",
             network.file);
    return {{{network.nodes, network.node_types}}, {{network.file, ""}}};
}

}  // namespace

GraphFile import_sonata(const NetworkChoice& network, CellTypeNames& names) {
    const CircuitFiles files = files_of(network);
    SonataImporter importer(names);
    if (network.file.ends_with(".json")) importer.note_files({network.file, ""});
    for (const CircuitFiles::Table& table : files.nodes) importer.add_nodes(table);
    for (const CircuitFiles::Table& table : files.edges) importer.add_edges(table);
    return importer.finish();
}

}  // namespace respine
