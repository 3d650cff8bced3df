#include "sim/io/import_graph.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphml.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

#include "sim/error.hpp"
#include "sim/io/cell_type_names.hpp"
#include "sim/io/csv_reader.hpp"
#include "sim/io/import_sonata.hpp"
#include "sim/units.hpp"

namespace respine {

namespace {

constexpr u64 kLargestGraphml = 1ULL << 30;  // GraphML takes some sixty times its size while it is read

CellType type_of(const std::string& text, CellTypeNames& names, const std::string& where) {
    if (text.empty()) return CellType::kE;
    if (const auto type = names.find(text)) return *type;
    fail(Exit::kInput, "{}: error: unknown cell type '{}'{}; known: E, PV, SST, VIP, and what network.types of the scenario says", where, text,
         suggestion(text, {kCellTypeNames.begin(), kCellTypeNames.end()}));
}

float number_of(const std::string& text, const std::string& where) {
    const auto value = parse_number(text);
    if (!value || std::abs(*value) > 1e9) fail(Exit::kInput, "{}: error: '{}' is not a position in um", where, text);
    return static_cast<float>(*value);
}

// Boost's reader follows every level of the file with one of its own.
void check_nesting(const std::string& text, const std::string& path) {
    constexpr int kDeepest = 64;
    int depth = 0;
    for (size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
        const size_t end = text.find('>', at);
        if (text.compare(at, 2, "</") == 0) --depth;
        else if (text.compare(at, 2, "<?") != 0 && text.compare(at, 2, "<!") != 0 && (end == std::string::npos || text[end - 1] != '/')) ++depth;
        if (depth > kDeepest) fail(Exit::kInput, "{}: error: elements are nested deeper than {} levels", path, kDeepest);
    }
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    if (!in || !(text << in.rdbuf())) fail(Exit::kInput, "{}: error: cannot be read", path);
    return text.str();
}

GraphFile import_csv(const std::string& path, const std::string& nodes_path, CellTypeNames& names) {
    GraphFile g;
    std::unordered_map<std::string, u32> index;
    const auto number = [&](const std::string& id, bool may_add, const std::string& where) {
        if (id.empty()) fail(Exit::kInput, "{}: error: an id is empty", where);
        const auto found = index.find(id);
        if (found != index.end()) return found->second;
        if (!may_add) fail(Exit::kInput, "{}: error: neuron '{}' is not in {}", where, id, nodes_path);
        if (g.ids.size() >= kMostNeurons) fail(Exit::kInput, "{}: error: more than {} neurons", where, kMostNeurons);
        g.ids.push_back(id);
        g.types.push_back(CellType::kE);
        return index.emplace(id, static_cast<u32>(g.ids.size() - 1)).first->second;
    };
    std::vector<std::string> cells;
    if (!nodes_path.empty()) {
        CsvReader nodes(nodes_path);
        const bool placed = nodes.has("x") && nodes.has("y");
        while (nodes.next(cells)) {
            const std::string& id = nodes.cell(cells, "id");
            if (index.contains(id)) fail(Exit::kInput, "{}: error: neuron '{}' stands twice", nodes.where(), id);
            const u32 i = number(id, true, nodes.where());
            if (nodes.has("type")) g.types[i] = type_of(nodes.cell(cells, "type"), names, nodes.where());
            if (!placed) continue;
            g.x.push_back(number_of(nodes.cell(cells, "x"), nodes.where()));
            g.y.push_back(number_of(nodes.cell(cells, "y"), nodes.where()));
            g.z.push_back(nodes.has("z") ? number_of(nodes.cell(cells, "z"), nodes.where()) : 0.0F);
        }
    }
    CsvReader edges(path);
    while (edges.next(cells)) {
        const u32 s = number(edges.cell(cells, "source"), nodes_path.empty(), edges.where());
        const u32 t = number(edges.cell(cells, "target"), nodes_path.empty(), edges.where());
        if (g.edges.size() >= kMostEdges) fail(Exit::kInput, "{}: error: more than {} edges", edges.where(), kMostEdges);
        if (s != t) g.edges.emplace_back(s, t);
    }
    return g;
}

// Boost takes a value only into a map of the type that the file declares for it, and programs declare positions as they like: all are text here.
std::string declared_as_text(const std::string& text) {
    const std::string key = "attr.type=";
    std::string out;
    size_t done = 0;
    for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, done)) {
        const size_t open = at + key.size(), close = open < text.size() ? text.find(text[open], open + 1) : std::string::npos;
        if (close == std::string::npos) break;
        out.append(text, done, open + 1 - done).append("string");
        done = close;
    }
    return out.append(text, done, std::string::npos);
}

// The ids of the nodes in the order of the file, in which Boost numbers its vertices without keeping them. Boost also takes edges of nodes that are
// not there.
std::vector<std::string> declared_ids(const std::string& text, const std::string& path) {
    namespace tree = boost::property_tree;
    tree::ptree root;
    std::istringstream in(text);
    tree::read_xml(in, root, tree::xml_parser::no_comments | tree::xml_parser::trim_whitespace);
    const tree::ptree& graph = root.get_child("graphml.graph");
    std::vector<std::string> ids;
    std::unordered_set<std::string> known;
    for (const auto& [name, node] : graph)
        if (name == "node") ids.push_back(node.get<std::string>("<xmlattr>.id"));
    for (const std::string& id : ids)
        if (!known.insert(id).second) fail(Exit::kInput, "{}: error: node '{}' stands twice", path, id);
    for (const auto& [name, edge] : graph)
        if (name == "edge")
            for (const char* end : {"<xmlattr>.source", "<xmlattr>.target"})
                if (const std::string id = edge.get<std::string>(end); !known.contains(id)) fail(Exit::kInput, "{}: error: an edge names node '{}', which is not there", path, id);
    return ids;
}

GraphFile import_graphml(const std::string& path, CellTypeNames& names) {
    check_size(path, kLargestGraphml, "; a CSV edge list may be larger");
    const std::string text = declared_as_text(read_file(path));
    check_nesting(text, path);
    if (text.find("<!DOCTYPE") != std::string::npos || text.find("<!ENTITY") != std::string::npos)
        fail(Exit::kInput, "{}: error: document types and entities are not allowed in GraphML", path);
    struct Vertex {
        std::string id, type, x, y, z;
    };
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, Vertex>;
    Graph graph;
    // Attributes that we do not know get a map of their own, so that any GraphML file loads.
    boost::dynamic_properties properties(
        [](const std::string&, const boost::any&, const boost::any&) { return boost::shared_ptr<boost::dynamic_property_map>(); });
    properties.property("id", boost::get(&Vertex::id, graph));
    std::map<std::string, std::string> id_of_key, kinds;
    properties.property("type", boost::get(&Vertex::type, graph));
    properties.property("x", boost::get(&Vertex::x, graph));
    properties.property("y", boost::get(&Vertex::y, graph));
    properties.property("z", boost::get(&Vertex::z, graph));
    std::vector<std::string> ids;
    try {
        ids = declared_ids(text, path);
        std::istringstream in(text);
        boost::read_graphml(in, graph, properties);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& e) {
        fail(Exit::kInput, "{}: error: not a GraphML file that can be read: {}", path, e.what());
    }
    GraphFile g;
    if (ids.size() != boost::num_vertices(graph)) fail(Exit::kInput, "{}: error: {} nodes are declared, {} were read", path, ids.size(), boost::num_vertices(graph));
    bool placed = boost::num_vertices(graph) > 0;
    for (auto [v, end] = boost::vertices(graph); v != end; ++v) placed = placed && !graph[*v].x.empty() && !graph[*v].y.empty();
    for (auto [v, end] = boost::vertices(graph); v != end; ++v) {
        const Vertex& vertex = graph[*v];
        g.ids.push_back(!vertex.id.empty() ? vertex.id : ids[*v]);
        const std::string where = fmt::format("{}: node {}", path, g.ids.back());
        g.types.push_back(type_of(vertex.type, names, where));
        if (!placed) continue;
        g.x.push_back(number_of(vertex.x, where));
        g.y.push_back(number_of(vertex.y, where));
        g.z.push_back(vertex.z.empty() ? 0.0F : number_of(vertex.z, where));
    }
    for (auto [e, end] = boost::edges(graph); e != end; ++e)
        if (boost::source(*e, graph) != boost::target(*e, graph))
            g.edges.emplace_back(static_cast<u32>(boost::source(*e, graph)), static_cast<u32>(boost::target(*e, graph)));
    return g;
}

}  // namespace

bool is_plain_text(const std::string& text) {
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) return false;
    try {
        nlohmann::json(text).dump();  // strict about UTF-8
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

// They become texts of HDF5, XML and CSV files, and words on a terminal.
void check_ids(const std::vector<std::string>& ids, const std::string& path) {
    std::unordered_set<std::string> known;
    for (size_t k = 0; k < ids.size(); ++k) {
        if (!is_plain_text(ids[k])) fail(Exit::kInput, "{}: error: the id of neuron {} holds bytes that are no UTF-8 text, or control characters", path, k);
        if (!known.insert(ids[k]).second) fail(Exit::kInput, "{}: error: neuron '{}' stands twice", path, ids[k]);
    }
}

GraphFile import_graph(const NetworkChoice& network) {
    const std::string& path = network.file;
    CellTypeNames names(network.types);
    GraphFile g;
    if (path.ends_with(".csv")) g = import_csv(path, network.nodes, names);
    else if (path.ends_with(".graphml") || path.ends_with(".xml")) g = import_graphml(path, names);
    else if (path.ends_with(".h5") || path.ends_with(".hdf5") || path.ends_with(".json")) g = import_sonata(network, names);
    else fail(Exit::kInput, "{}: error: the ending says no known format; .graphml, .xml, .csv and (SONATA) .h5, .hdf5 and .json are read", path);
    names.finish(network.nodes.empty() ? path : network.nodes);
    check_ids(g.ids, network.nodes.empty() ? path : network.nodes);
    if (g.ids.size() < 20) fail(Exit::kInput, "{}: error: {} neurons; at least 20 are needed", path, g.ids.size());
    if (g.edges.empty()) fail(Exit::kInput, "{}: error: there is no edge between two neurons", path);
    return g;
}

}  // namespace respine
