#include "sim/io/import_graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphml.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <unordered_map>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace respine {

namespace {

constexpr size_t kMostEdges = 4'000'000'000;
constexpr u64 kLargestCsv = 128ULL << 30, kLargestGraphml = 1ULL << 30;
constexpr size_t kLongestLine = 100000;

CellType type_of(const std::string& text, const std::string& where) {
    if (text.empty()) return CellType::kE;
    for (size_t t = 0; t < kCellTypes; ++t)
        if (kCellTypeNames[t] == text) return static_cast<CellType>(t);
    fail(Exit::kInput, "{}: error: unknown cell type '{}'{}; known: E, PV, SST, VIP", where, text,
         suggestion(text, {kCellTypeNames.begin(), kCellTypeNames.end()}));
}

float number_of(const std::string& text, const std::string& where) {
    const auto value = parse_number(text);
    if (!value || std::abs(*value) > 1e9) fail(Exit::kInput, "{}: error: '{}' is not a position in um", where, text);
    return static_cast<float>(*value);
}

// A pipe or a device would never end; GraphML takes some sixty times its size while it is read.
void check_size(const std::string& path, u64 most, const char* advice) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) fail(Exit::kInput, "{}: error: cannot be read: {}", path, std::filesystem::exists(path, failed) ? "it is no regular file" : "there is no such file");
    if (const u64 size = std::filesystem::file_size(path, failed); failed || size > most)
        fail(Exit::kInput, "{}: error: {} MB are more than is read, {} MB{}", path, size >> 20, most >> 20, advice);
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

class CsvReader {
public:
    explicit CsvReader(const std::string& path) : path_(path), in_(path) {
        check_size(path, kLargestCsv, "");
        if (!in_) fail(Exit::kInput, "{}: error: cannot be read", path);
        std::vector<std::string> header;
        if (!next(header)) fail(Exit::kInput, "{}: error: is empty; a header line is needed", path);
        for (size_t k = 0; k < header.size(); ++k) column_[header[k]] = k;
    }

    bool next(std::vector<std::string>& cells) {
        std::string line;
        while (next_line(line)) {
            ++line_;
            if (!line.empty() && line.back() == '\r') line.pop_back();
            if (line.empty() || line.front() == '#') continue;
            cells.clear();
            std::string cell;
            bool quoted = false;
            for (size_t i = 0; i < line.size(); ++i) {
                if (line[i] == '"') {
                    if (quoted && i + 1 < line.size() && line[i + 1] == '"') cell += line[i++];
                    else quoted = !quoted;
                } else if (line[i] == ',' && !quoted) {
                    cells.push_back(cell);
                    cell.clear();
                } else {
                    cell += line[i];
                }
            }
            if (quoted) fail(Exit::kInput, "{}: error: a quote is not closed", where());
            cells.push_back(cell);
            return true;
        }
        return false;
    }

    bool has(const std::string& name) const { return column_.contains(name); }

    const std::string& cell(const std::vector<std::string>& cells, const std::string& name) const {
        const auto at = column_.find(name);
        if (at == column_.end()) {
            std::vector<std::string> known;
            for (const auto& [column, index] : column_) known.push_back(column);
            fail(Exit::kInput, "{}: error: there is no column '{}'; the header has {}", path_, name, fmt::join(known, ", "));
        }
        if (at->second >= cells.size()) fail(Exit::kInput, "{}: error: the line has {} cells, column '{}' is number {}", where(), cells.size(), name, at->second + 1);
        return cells[at->second];
    }

    std::string where() const { return fmt::format("{}:{}", path_, line_); }

private:
    bool next_line(std::string& line) {  // never more of it than a line may hold
        line.clear();
        for (int c = in_.get(); c != EOF; c = in_.get()) {
            if (c == '\n') return true;
            if (line.size() >= kLongestLine) fail(Exit::kInput, "{}:{}: error: the line is longer than {} characters", path_, line_ + 1, kLongestLine);
            line += static_cast<char>(c);
        }
        return !line.empty();
    }

    std::string path_;
    std::ifstream in_;
    std::map<std::string, size_t> column_;
    size_t line_ = 0;
};

GraphFile import_csv(const std::string& path, const std::string& nodes_path) {
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
            if (nodes.has("type")) g.types[i] = type_of(nodes.cell(cells, "type"), nodes.where());
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

GraphFile import_graphml(const std::string& path) {
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
    try {
        std::istringstream in(text);
        boost::read_graphml(in, graph, properties);
    } catch (const std::exception& e) {
        fail(Exit::kInput, "{}: error: not a GraphML file that can be read: {}", path, e.what());
    }
    GraphFile g;
    // Boost numbers the vertices in the order of the file and keeps no id attribute: the ids are read from the node elements.
    std::vector<std::string> ids;
    for (size_t at = text.find("<node"); at != std::string::npos; at = text.find("<node", at + 5)) {
        const size_t end = text.find('>', at), id = text.find("id=", at);
        if (id == std::string::npos || end == std::string::npos || id > end) break;
        const char quote = text[id + 3];
        const size_t close = text.find(quote, id + 4);
        if (close == std::string::npos) break;
        ids.push_back(text.substr(id + 4, close - id - 4));
    }
    bool placed = boost::num_vertices(graph) > 0;
    for (auto [v, end] = boost::vertices(graph); v != end; ++v) placed = placed && !graph[*v].x.empty() && !graph[*v].y.empty();
    for (auto [v, end] = boost::vertices(graph); v != end; ++v) {
        const Vertex& vertex = graph[*v];
        g.ids.push_back(!vertex.id.empty() ? vertex.id : *v < ids.size() ? ids[*v] : fmt::format("n{}", *v));
        const std::string where = fmt::format("{}: node {}", path, g.ids.back());
        g.types.push_back(type_of(vertex.type, where));
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

GraphFile import_graph(const std::string& path, const std::string& nodes_path) {
    GraphFile g;
    if (path.ends_with(".csv")) g = import_csv(path, nodes_path);
    else if (path.ends_with(".graphml") || path.ends_with(".xml")) g = import_graphml(path);
    else fail(Exit::kInput, "{}: error: the ending says no known format; .graphml, .xml and .csv are read", path);
    if (g.ids.size() < 20) fail(Exit::kInput, "{}: error: {} neurons; at least 20 are needed", path, g.ids.size());
    if (g.edges.empty()) fail(Exit::kInput, "{}: error: there is no edge between two neurons", path);
    return g;
}

}  // namespace respine
