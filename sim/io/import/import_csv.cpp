// A CSV edge list, with or without a table of nodes.

#include <algorithm>
#include <unordered_map>

#include "sim/io/import/import_parts.hpp"
#include "sim/model/error.hpp"
#include "sim/system/csv_reader.hpp"

namespace respine {

namespace {

class CsvImporter {
public:
    CsvImporter(const NetworkChoice& network, CellTypeNames& names) : network_(network), names_(names) {}

    GraphFile read() {
        if (!network_.nodes.empty()) add_nodes();
        CsvReader table(network_.file);
        const bool weighted = table.has("weight");
        std::vector<std::string> cells;
        while (table.next(cells)) {
            const u32 source = end_of(table.cell(cells, "source"), table),
                      target = end_of(table.cell(cells, "target"), table);
            if (edges_.size() >= kMostEdges)
                fail(Exit::kInput, "{}: error: more than {} edges", table.where(), kMostEdges);
            std::optional<float> weight;
            if (weighted) weight = weight_of(table.cell(cells, "weight"), table.where());
            edges_.add(
                source, target, [&] { return table.where(); }, weight);
        }
        std::move(edges_).give(graph_);
        finish(table, network_.file, {"source", "target", "weight"});
        return std::move(graph_);
    }

private:
    void add_nodes() {
        CsvReader table(network_.nodes);
        const bool placed = table.has("x") && table.has("y");
        std::vector<std::string> cells;
        while (table.next(cells)) {
            const std::string& id = table.cell(cells, "id");
            if (index_.contains(id))
                fail(Exit::kInput, "{}: error: neuron '{}' stands twice", table.where(), id);
            const u32 i = add(id, table.where());
            if (table.has("type"))
                graph_.types[i] = type_of(table.cell(cells, "type"), names_, table.where());
            if (!placed) continue;
            graph_.x.push_back(position_of(table.cell(cells, "x"), table.where()));
            graph_.y.push_back(position_of(table.cell(cells, "y"), table.where()));
            graph_.z.push_back(table.has("z") ? position_of(table.cell(cells, "z"), table.where()) : 0.0F);
        }
        std::vector<std::string> used = {"id", "type"};
        if (placed) used.insert(used.end(), {"x", "y", "z"});
        finish(table, network_.nodes, used);
    }

    u32 add(const std::string& id, const std::string& where) {
        if (id.empty()) fail(Exit::kInput, "{}: error: an id is empty", where);
        if (graph_.ids.size() >= kMostNeurons)
            fail(Exit::kInput, "{}: error: more than {} neurons", where, kMostNeurons);
        graph_.ids.push_back(id);
        graph_.types.push_back(CellType::kE);
        return index_.emplace(id, static_cast<u32>(graph_.ids.size() - 1)).first->second;
    }

    u32 end_of(const std::string& id, const CsvReader& table) {
        if (const auto found = index_.find(id); found != index_.end()) return found->second;
        if (!network_.nodes.empty() && !id.empty())
            fail(Exit::kInput, "{}: error: neuron '{}' is not in {}", table.where(), id, network_.nodes);
        return add(id, table.where());
    }

    void finish(const CsvReader& table, const std::string& path, const std::vector<std::string>& used) {
        std::vector<std::string> unused;
        for (const auto& [name, place] : table.columns())
            if (std::find(used.begin(), used.end(), name) == used.end()) unused.push_back(name);
        note_unused(graph_, path, "the columns", unused);
        if (table.comments() > 0)
            graph_.notes.push_back(
                fmt::format("{}: {} lines below the header are comments, as they begin with # (the first: "
                            "line {}); an id that begins so stands "
                            "in quotes",
                            path, table.comments(), table.first_comment()));
        graph_.files.push_back({path, ""});
    }

    const NetworkChoice& network_;
    CellTypeNames& names_;
    GraphFile graph_;
    EdgeList edges_;
    std::unordered_map<std::string, u32> index_;
};

}  // namespace

GraphFile import_csv(const NetworkChoice& network, CellTypeNames& names) {
    return CsvImporter(network, names).read();
}

}  // namespace respine
