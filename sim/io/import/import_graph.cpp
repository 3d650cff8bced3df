#include "sim/io/import/import_graph.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "sim/io/import/import_parts.hpp"
#include "sim/io/import/import_sonata.hpp"
#include "sim/model/error.hpp"
#include "sim/system/sha256.hpp"

namespace respine {

bool is_plain_text(const std::string& text) {
    if (std::any_of(text.begin(), text.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return false;
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
        if (!is_plain_text(ids[k]))
            fail(Exit::kInput,
                 "{}: error: the id of neuron {} holds bytes that are no UTF-8 text, or control characters",
                 path, k);
        if (!known.insert(ids[k]).second)
            fail(Exit::kInput, "{}: error: neuron '{}' stands twice", path, ids[k]);
    }
}

GraphFile import_graph(const NetworkChoice& network) {
    const std::string& path = network.file;
    CellTypeNames names(network.types);
    GraphFile g;
    if (path.ends_with(".csv"))
        g = import_csv(network, names);
    else if (path.ends_with(".graphml") || path.ends_with(".xml"))
        g = import_graphml(path, names);
    else if (path.ends_with(".h5") || path.ends_with(".hdf5") || path.ends_with(".json"))
        g = import_sonata(network, names);
    else
        fail(Exit::kInput,
             "{}: error: the ending says no known format; .graphml, .xml, .csv and (SONATA) .h5, .hdf5 and "
             ".json are read",
             path);
    names.finish(network.nodes.empty() ? path : network.nodes);
    check_ids(g.ids, network.nodes.empty() ? path : network.nodes);
    if (g.ids.size() < 20)
        fail(Exit::kInput, "{}: error: {} neurons; at least 20 are needed", path, g.ids.size());
    if (g.edges.empty()) fail(Exit::kInput, "{}: error: there is no edge between two neurons", path);
    if (std::all_of(g.types.begin(), g.types.end(), [](CellType type) { return type == CellType::kE; }))
        g.notes.push_back(fmt::format(
            "no neuron has a type of its own (nodes: type): all {} count as E, and nothing inhibits them",
            g.ids.size()));
    put_in_order(g);
    for (SourceFile& file : g.files) file.sha256 = sha256_of_file(file.path);
    return g;
}

}  // namespace respine
