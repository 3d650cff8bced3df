#include "sim/io/import/import_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <tuple>

#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr size_t kNamedValues = 10;  // names that a note lists

// The text before a number at its end, then that number by its value.
bool id_before(const std::string& a, const std::string& b) {
    const auto key = [](const std::string& id) {
        const size_t digits = id.find_last_not_of("0123456789") + 1;
        return std::tuple(std::string_view(id).substr(0, digits), id.size() - digits,
                          std::string_view(id).substr(digits));
    };
    return key(a) < key(b);
}

template <class T>
void take_order(const std::vector<u32>& order, std::vector<T>& values) {
    if (values.empty()) return;
    std::vector<T> sorted;
    sorted.reserve(values.size());
    for (const u32 i : order) sorted.push_back(std::move(values[i]));
    values = std::move(sorted);
}

void order_neurons(GraphFile& graph) {
    std::vector<u32> order(graph.ids.size()), place(graph.ids.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](u32 a, u32 b) { return id_before(graph.ids[a], graph.ids[b]); });
    if (std::is_sorted(order.begin(), order.end())) return;
    for (u32 i = 0; i < order.size(); ++i) place[order[i]] = i;
    take_order(order, graph.ids);
    take_order(order, graph.types);
    for (std::vector<float>* axis : {&graph.x, &graph.y, &graph.z}) take_order(order, *axis);
    for (auto& [from, to] : graph.edges) from = place[from], to = place[to];
}

void order_edges(GraphFile& graph) {
    auto& edges = graph.edges;
    if (graph.weights.empty()) {
        if (!std::is_sorted(edges.begin(), edges.end())) std::sort(edges.begin(), edges.end());
        return;
    }
    std::vector<std::tuple<u32, u32, float>> rows;  // edges between the same neurons by their weight
    rows.reserve(edges.size());
    for (size_t k = 0; k < edges.size(); ++k)
        rows.emplace_back(edges[k].first, edges[k].second, graph.weights[k]);
    std::sort(rows.begin(), rows.end());
    for (size_t k = 0; k < edges.size(); ++k) {
        edges[k] = {std::get<0>(rows[k]), std::get<1>(rows[k])};
        graph.weights[k] = std::get<2>(rows[k]);
    }
}

}  // namespace

float weight_of(const std::string& text, const std::string& where) {
    const auto value = parse_number(text);
    if (!value)
        fail(Exit::kInput, "{}: error: '{}' is not the weight of a synapse, which is a number", where, text);
    return weight_of(*value, [&] { return where; });
}

CellType type_of(const std::string& text, CellTypeNames& names, const std::string& where) {
    if (text.empty()) return CellType::kE;
    if (const auto type = names.find(text)) return *type;
    fail(Exit::kInput,
         "{}: error: unknown cell type '{}'; known: E, PV, SST, VIP, and what the scenario says, such as "
         "network: {{types: "
         "{{{}: E}}}}",
         where, text, text);
}

float position_of(const std::string& text, const std::string& where) {
    const auto value = parse_number(text);
    if (!value || std::abs(*value) > 1e9)
        fail(Exit::kInput, "{}: error: '{}' is not a position in um", where, text);
    return static_cast<float>(*value);
}

void EdgeList::give(GraphFile& graph) && {
    graph.edges = std::move(edges_);
    graph.weights = std::move(weights_);
    if (own_ > 0)
        graph.notes.push_back(fmt::format(
            "{} edges of neurons onto themselves are left out (the first: {}); the model has none", own_,
            first_own_));
}

void put_in_order(GraphFile& graph) {
    order_neurons(graph);
    auto& edges = graph.edges;
    order_edges(graph);
    const auto first = std::adjacent_find(edges.begin(), edges.end());
    if (first == edges.end()) return;
    size_t again = 0;
    for (auto edge = first; edge + 1 != edges.end(); ++edge) again += edge[0] == edge[1] ? 1 : 0;
    graph.notes.push_back(
        fmt::format("{} edges stand there more than once (the first: from '{}' to '{}'); each of them is a "
                    "synapse of its own",
                    again, graph.ids[first->first], graph.ids[first->second]));
}

void note_unused(GraphFile& graph, const std::string& file, const std::string& what,
                 const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::string list;
    for (size_t k = 0; k < std::min(kNamedValues, names.size()); ++k)
        list += fmt::format("{}'{}'", k > 0 ? ", " : "", names[k]);
    if (names.size() > kNamedValues) list += fmt::format(" and {} more", names.size() - kNamedValues);
    graph.notes.push_back(
        fmt::format("{}: {} {} do not count; rates, receptors and mean weights are those of the model", file,
                    what, list));
}

}  // namespace respine
