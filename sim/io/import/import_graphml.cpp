// GraphML, element by element as the parser (expat) meets them: the file is never in memory as a whole, and
// no depth of it is followed by ours.

#include <expat.h>

#include <exception>
#include <map>
#include <memory>
#include <type_traits>
#include <unordered_map>

#include "sim/io/import/import_parts.hpp"
#include "sim/model/error.hpp"
#include "sim/system/csv_reader.hpp"

namespace respine {

namespace {

constexpr int kDeepestElement = 64;
constexpr size_t kLongestText = 1 << 16;  // of one value
constexpr int kPart = 1 << 16;            // bytes given to the parser at a time

using Attributes = std::map<std::string, std::string>;

std::string trimmed(const std::string& text) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

struct KeyOfFile {
    std::string domain, name, value;  // value: the default
};

struct Node {
    std::string id;
    Attributes values;  // by the name of the key
};

class Reader {
public:
    Reader(const std::string& path, CellTypeNames& names)
        : path_(path), names_(names), parser_(XML_ParserCreateNS(nullptr, kSeparator), XML_ParserFree) {
        if (!parser_) throw std::bad_alloc();
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* me, const char* name, const char** pairs) {
                as_reader(me).guarded([&](Reader& r) { r.begin(name, pairs); });
            },
            [](void* me, const char*) { as_reader(me).guarded([](Reader& r) { r.end(); }); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* me, const char* text, int size) {
            as_reader(me).guarded([&](Reader& r) { r.take(text, size); });
        });
        XML_SetStartDoctypeDeclHandler(
            parser_.get(), [](void* me, const char*, const char*, const char*, int) {
                as_reader(me).guarded([](Reader& r) {
                    fail(Exit::kInput, "{}: error: document types and entities are not allowed in GraphML",
                         r.where());
                });
            });
    }

    GraphFile read() {
        check_size(path_, kLargestFile, "");
        InputFile file(path_);
        for (size_t n = 1; n > 0;) {
            char* const part = static_cast<char*>(XML_GetBuffer(parser_.get(), kPart));
            if (!part) throw std::bad_alloc();
            n = file.read(part, kPart);
            const XML_Status status = XML_ParseBuffer(parser_.get(), static_cast<int>(n), n == 0);
            if (thrown_) std::rethrow_exception(thrown_);
            if (status != XML_STATUS_OK) refuse(XML_ErrorString(XML_GetErrorCode(parser_.get())));
        }
        if (graphs_ == 0) refuse("there is no graph in it");
        return finish();
    }

private:
    static constexpr char kSeparator = '\n';  // between the namespace and the name of an element

    static Reader& as_reader(void* me) { return *static_cast<Reader*>(me); }

    // No exception may cross the parser, which is a C library.
    template <class Work>
    void guarded(const Work& work) noexcept {
        if (thrown_) return;
        try {
            work(*this);
        } catch (...) {
            thrown_ = std::current_exception();
            XML_StopParser(parser_.get(), XML_FALSE);
        }
    }

    std::string where() const { return fmt::format("{}:{}", path_, XML_GetCurrentLineNumber(parser_.get())); }
    [[noreturn]] void refuse(const std::string& why) const {
        fail(Exit::kInput, "{}: error: not a GraphML file that can be read: {}", where(), why);
    }

    const std::string& needed(const Attributes& attributes, const char* name, const char* element) const {
        const auto found = attributes.find(name);
        if (found == attributes.end() || found->second.empty())
            refuse(fmt::format("a {} has no {}", element, name));
        return found->second;
    }

    void begin(const std::string& qualified, const char** pairs) {
        if (++depth_ > kDeepestElement)
            fail(Exit::kInput, "{}: error: elements are nested deeper than {} levels", where(),
                 kDeepestElement);
        const std::string name = qualified.substr(qualified.find(kSeparator) + 1);
        Attributes attributes;
        for (; *pairs; pairs += 2) attributes[pairs[0]] = pairs[1];
        text_.clear();
        if (depth_ == 1 && name != "graphml") refuse(fmt::format("it begins with '{}'", name));
        if (depth_ == 2) begin_part(name, attributes);
        if (depth_ == 3 && part_ == "key") inner_ = name;
        if (depth_ == 3 && part_ == "graph" && graphs_ == 1) begin_item(name, attributes);
        if (depth_ == 4 && item_ == "node") begin_value(name, attributes);
        if (depth_ == 4 && item_ == "edge") begin_weight(name, attributes);
    }

    void begin_part(const std::string& name, const Attributes& attributes) {
        part_ = name;
        if (name == "key") {
            const auto text = [&](const char* wanted) {
                return attributes.contains(wanted) ? attributes.at(wanted) : std::string();
            };
            key_ = needed(attributes, "id", "key");
            keys_[key_] = {text("for"), text("attr.name"), ""};
        }
        if (name == "graph" && ++graphs_ == 1 && needed(attributes, "edgedefault", "graph") != "directed")
            refuse(
                "its edges are undirected, and a synapse has a direction; write a directed graph (NetworkX: "
                "graph.to_directed())");
    }

    void begin_item(const std::string& name, const Attributes& attributes) {
        item_ = name;
        if (name == "hyperedge") refuse("hyperedges are not read");
        if (name == "node") {
            node_ = {needed(attributes, "id", "node"), {}};
            if (index_.size() >= kMostNeurons)
                fail(Exit::kInput, "{}: error: more than {} neurons", where(), kMostNeurons);
            if (!index_.emplace(node_.id, static_cast<u32>(index_.size())).second)
                fail(Exit::kInput, "{}: error: node '{}' stands twice", where(), node_.id);
        }
        if (name == "edge") {
            edge_ = attributes;
            weight_ = weight_default();
        }
    }

    void begin_value(const std::string& name, const Attributes& attributes) {
        if (name == "graph") refuse(fmt::format("there is a graph within node '{}'", node_.id));
        value_.clear();
        if (name != "data") return;
        value_ = needed(attributes, "key", "data");
        if (!keys_.contains(value_))
            refuse(fmt::format("data of node '{}' names key '{}', which is not declared before", node_.id,
                               value_));
    }

    // Of the values of an edge only the weight counts.
    void begin_weight(const std::string& name, const Attributes& attributes) {
        value_.clear();
        if (name != "data") return;
        const auto key = keys_.find(needed(attributes, "key", "data"));
        if (key != keys_.end() && key->second.name == "weight") value_ = key->first;
    }

    std::string weight_default() const {
        for (const auto& [id, key] : keys_)
            if (key.name == "weight" && key.domain != "node") return key.value;
        return "";
    }

    void add_edge(const Attributes& attributes) {
        if (const auto directed = attributes.find("directed");
            directed != attributes.end() && directed->second != "true")
            refuse("an edge is undirected, and a synapse has a direction");
        const std::string &source = needed(attributes, "source", "edge"),
                          &target = needed(attributes, "target", "edge");
        if (edges_.size() + later_.size() >= kMostEdges)
            fail(Exit::kInput, "{}: error: more than {} edges", where(), kMostEdges);
        const auto from = index_.find(source), to = index_.find(target);
        if (from != index_.end() && to != index_.end())
            add_to_list(from->second, to->second, weight_, where());
        else
            later_.push_back({source, target, where(), weight_});  // nodes may stand below their edges
    }

    void add_to_list(u32 source, u32 target, const std::string& weight, const std::string& at) {
        std::optional<float> given;
        if (!weight.empty()) given = weight_of(weight, at);
        edges_.add(
            source, target, [&] { return at; }, given);
    }

    void end() {
        if (depth_ == 4 && item_ == "edge" && !value_.empty()) weight_ = trimmed(text_);
        if (depth_ == 3 && item_ == "edge" && part_ == "graph") add_edge(edge_);
        if (depth_ == 4 && item_ == "node" && !value_.empty())
            node_.values[keys_[value_].name] = trimmed(text_);
        if (depth_ == 3 && item_ == "node" && part_ == "graph") add_node();
        if (depth_ == 3 && part_ == "key" && inner_ == "default") keys_[key_].value = trimmed(text_);
        if (depth_ == 4) value_.clear();
        if (depth_ == 3) item_.clear(), inner_.clear();
        if (depth_ == 2) part_.clear();
        --depth_;
    }

    void take(const char* text, int size) {
        const bool wanted = (depth_ == 4 && !value_.empty()) || (depth_ == 3 && inner_ == "default");
        if (!wanted) return;
        if (text_.size() + static_cast<size_t>(size) > kLongestText)
            fail(Exit::kInput, "{}: error: a value is longer than {} characters", where(), kLongestText);
        text_.append(text, static_cast<size_t>(size));
    }

    // What the node says of it, or else the key's default.
    std::string value_of(const char* name) const {
        if (const auto own = node_.values.find(name); own != node_.values.end()) return own->second;
        for (const auto& [id, key] : keys_)
            if (key.name == name && key.domain != "edge") return key.value;
        return "";
    }

    void add_node() {
        const std::string given = value_of("id"), at = fmt::format("{}: node {}", where(), node_.id);
        graph_.ids.push_back(given.empty() ? node_.id : given);
        graph_.types.push_back(type_of(value_of("type"), names_, at));
        const std::string x = value_of("x"), y = value_of("y"), z = value_of("z");
        placed_ = placed_ && !x.empty() && !y.empty();
        if (!placed_) return;
        graph_.x.push_back(position_of(x, at));
        graph_.y.push_back(position_of(y, at));
        graph_.z.push_back(z.empty() ? 0.0F : position_of(z, at));
    }

    GraphFile finish() {
        for (const Later& edge : later_) {
            for (const std::string& id : {edge.source, edge.target})
                if (!index_.contains(id))
                    fail(Exit::kInput, "{}: error: an edge names node '{}', which is not there", edge.where,
                         id);
            add_to_list(index_[edge.source], index_[edge.target], edge.weight, edge.where);
        }
        std::move(edges_).give(graph_);
        if (!placed_) graph_.x.clear(), graph_.y.clear(), graph_.z.clear();
        std::vector<std::string> of_nodes, of_edges;
        for (const auto& [id, key] : keys_) {
            const bool used = key.name == "id" || key.name == "type" || key.name == "x" || key.name == "y" ||
                              key.name == "z";
            if (key.domain == "edge") {
                if (key.name != "weight") of_edges.push_back(key.name);
            } else if (key.domain != "graph" && !used)
                of_nodes.push_back(key.name);
        }
        note_unused(graph_, path_, "the keys of nodes", of_nodes);
        note_unused(graph_, path_, "the keys of edges", of_edges);
        if (graphs_ > 1)
            graph_.notes.push_back(fmt::format("{}: the first of its {} graphs is read", path_, graphs_));
        graph_.files.push_back({path_, ""});
        return std::move(graph_);
    }

    struct Later {
        std::string source, target, where, weight;
    };

    const std::string& path_;
    CellTypeNames& names_;
    std::unique_ptr<std::remove_pointer_t<XML_Parser>, void (*)(XML_Parser)> parser_;
    std::exception_ptr thrown_;
    int depth_ = 0, graphs_ = 0;
    std::string part_, item_, inner_, key_, value_,
        text_;  // the elements around, and the text of the innermost
    std::map<std::string, KeyOfFile> keys_;
    Node node_;
    Attributes edge_;
    std::string weight_;  // of the edge; "" without
    std::unordered_map<std::string, u32> index_;
    std::vector<Later> later_;
    EdgeList edges_;
    GraphFile graph_;
    bool placed_ = true;  // every node so far
};

}  // namespace

GraphFile import_graphml(const std::string& path, CellTypeNames& names) { return Reader(path, names).read(); }

}  // namespace respine
