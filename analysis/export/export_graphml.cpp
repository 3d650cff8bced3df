#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/graphml.hpp>
#include <boost/make_shared.hpp>
#include <cmath>
#include <fstream>
#include <type_traits>
#include <typeinfo>

#include "analysis/export/export.hpp"
#include "sim/model/error.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

constexpr u64 kManyEdges = 1'000'000;

struct Synapse {
    u64 number = 0;
    int plastic = 0;
};
using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Synapse>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

// Boost writes numbers with six digits; here they read back as the same.
std::string written(const std::string& text) { return text; }
std::string written(int value) { return std::to_string(value); }
std::string written(float value) { return std::isfinite(value) ? fmt::format("{}", value) : "NaN"; }

template <class Key, class Get>
class ReadOnly : public boost::dynamic_property_map {
public:
    explicit ReadOnly(Get get) : get_(std::move(get)) {}
    boost::any get(const boost::any& key) override { return get_(boost::any_cast<const Key&>(key)); }
    std::string get_string(const boost::any& key) override {
        return written(get_(boost::any_cast<const Key&>(key)));
    }
    void put(const boost::any&, const boost::any&) override {
        fail(Exit::kInternal, "a property of a graph that is written was set");
    }
    const std::type_info& key() const override { return typeid(Key); }
    const std::type_info& value() const override { return typeid(std::invoke_result_t<Get, Key>); }

private:
    Get get_;
};

template <class Key, class Get>
void add(boost::dynamic_properties& to, const std::string& name, Get get) {
    to.insert(name, boost::make_shared<ReadOnly<Key, Get>>(std::move(get)));
}

Graph graph_of(const Circuit& c) {
    std::vector<std::pair<u32, u32>> ends;
    std::vector<Synapse> synapses;
    for (u32 target = 0; target < c.size(); ++target)
        for (u64 k = c.begin[target]; k < c.begin[target + 1]; ++k) {
            ends.emplace_back(c.source[k], target);
            synapses.push_back({k, c.is_plastic(target, k) ? 1 : 0});
        }
    return {boost::edges_are_unsorted_multi_pass, ends.begin(), ends.end(), synapses.begin(), c.size()};
}

}  // namespace

void export_graphml(const Circuit& c, const std::string& path, Notes& notes) {
    if (c.source.size() > kManyEdges)
        notes.push_back(
            fmt::format("{}: {} edges are much for GraphML; readers take minutes and gigabytes. --sonata and "
                        "--csv are made for more",
                        path, c.source.size()));
    const Graph graph = graph_of(c);
    boost::dynamic_properties properties;
    add<Vertex>(properties, "id", [&](Vertex v) { return c.id[v]; });
    add<Vertex>(properties, "type", [&](Vertex v) {
        return std::string(kCellTypeNames[static_cast<size_t>(c.type(static_cast<u32>(v)))]);
    });
    add<Vertex>(properties, "group", [&](Vertex v) { return c.groups[c.group[v]].name; });
    for (const Column& column : c.neurons)
        add<Vertex>(properties, column.name, [&column](Vertex v) { return column.values[v]; });
    add<Edge>(properties, "plastic", [&graph](const Edge& e) { return graph[e].plastic; });
    for (const Column& column : c.synapses)
        add<Edge>(properties, column.name,
                  [&column, &graph](const Edge& e) { return column.values[graph[e].number]; });

    NewFile whole(path);
    std::ofstream out(whole.part(), std::ios::binary);
    boost::write_graphml(out, graph, properties, true);
    out.close();
    if (!out) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
    whole.finish();
}

}  // namespace respine
