// A network that the user brings: its neurons in our order, and its edges as rows of synapses.

#include <algorithm>
#include <numeric>

#include "kernels/numerics/elementary.hpp"
#include "sim/network/geometry.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

// A user's neurons get numbers group by group, in a group along the curve (or in file order without
// positions).
void NetworkBuilder::order_file_neurons() {
    std::vector<u32> rank(net.neurons, 0);
    if (!graph->x.empty()) {
        const PositionGrid grid = grid_of_positions(graph->x, graph->y);
        const std::vector<u32> along_curve = hilbert_ranks(grid.nx, grid.ny);
        for (size_t i = 0; i < net.neurons; ++i) {
            const u32 cx = std::min(static_cast<u32>((graph->x[i] - grid.x0) / grid.edge), grid.nx - 1);
            const u32 cy = std::min(static_cast<u32>((graph->y[i] - grid.y0) / grid.edge), grid.ny - 1);
            rank[i] = along_curve[cx + grid.nx * cy];
        }
    }
    std::array<size_t, kCellTypes> group{};
    for (size_t g = 0; g < net.groups.size(); ++g) group[static_cast<size_t>(net.groups[g].type)] = g;
    const auto group_of = [&](u32 i) { return group[static_cast<size_t>(graph->types[i])]; };
    file_order.resize(net.neurons);
    std::iota(file_order.begin(), file_order.end(), 0U);
    std::stable_sort(file_order.begin(), file_order.end(), [&](u32 a, u32 b) {
        return group_of(a) != group_of(b) ? group_of(a) < group_of(b) : rank[a] < rank[b];
    });
    for (size_t i = 0; i < net.neurons; ++i) {
        net.ids.push_back(graph->ids[file_order[i]]);
        if (graph->x.empty()) continue;
        net.x[i] = graph->x[file_order[i]];
        net.y[i] = graph->y[file_order[i]];
        net.z[i] = graph->z[file_order[i]];
    }
}

namespace {

u16 size_of_weight(float relative) { return size_to_fixed(det_log(positive_weight(relative))); }

// Weights over the mean of their pair of groups: how strong a pair is remains the model's, so only what is
// uneven within it counts.
void make_relative(const Network& net, EdgeRows& rows) {
    const std::vector<Group>& groups = net.groups;
    if (rows.weight.empty()) return;
    std::vector<double> sum(groups.size()), count(groups.size());
    for (const Group& target : groups) {
        const size_t last = std::min<size_t>(target.last, rows.targets());
        if (target.first >= last) continue;
        std::fill(sum.begin(), sum.end(), 0.0);
        std::fill(count.begin(), count.end(), 0.0);
        for (u64 k = rows.begin[target.first]; k < rows.begin[last]; ++k) {
            const size_t g = net.group_of(rows.source[k]);
            sum[g] += static_cast<double>(rows.weight[k]);
            count[g] += 1.0;
        }
        for (u64 k = rows.begin[target.first]; k < rows.begin[last]; ++k) {
            const size_t g = net.group_of(rows.source[k]);
            rows.weight[k] = sum[g] > 0.0
                                 ? static_cast<float>(static_cast<double>(rows.weight[k]) * count[g] / sum[g])
                                 : 1.0F;
        }
    }
}

}  // namespace

void NetworkBuilder::split_file_edges() {
    std::vector<u32> place_of_file(net.neurons);
    for (u32 i = 0; i < net.neurons; ++i) place_of_file[file_order[i]] = i;
    struct Edges {
        std::vector<std::pair<u32, u32>> pairs;
        std::vector<float> weights;
    };
    std::vector<Edges> edges(net.plastic.size() + 1);  // the fixed ones last
    for (size_t k = 0; k < graph->edges.size(); ++k) {
        const u32 s = place_of_file[graph->edges[k].first], t = place_of_file[graph->edges[k].second];
        const u32 rows = net.projection(net.group_of(t), net.group_of(s)).rows;
        Edges& own = rows == kFixedRows ? edges.back() : edges[rows];
        own.pairs.emplace_back(s, t);
        if (!graph->weights.empty()) own.weights.push_back(graph->weights[k]);
    }
    const auto take = [&](std::optional<EdgeRows>& rows, size_t targets, const Edges& from) {
        rows = rows_of_edges(targets, from.pairs, from.weights);
        make_relative(net, *rows);
    };
    take(fixed_graph, net.neurons, edges.back());
    for (size_t k = 0; k < net.plastic.size(); ++k)
        take(given_rows[k], net.row_count(net.plastic[k]), edges[k]);
}

void NetworkBuilder::take_fixed_rows_of_file() {
    const std::vector<u64>& begin = fixed_graph->begin;
    net.fixed_begin = NeuronArray<u64>(net.neurons + 1);
    net.fixed_inhibitory = NeuronArray<u32>(net.neurons);
    u64 places = 0;
    for (const Slice s : net.partition.own(0, net.groups.size())) {
        net.fixed_begin[s.first] = places;
        for (u32 i = s.first; i < s.last; ++i) net.fixed_begin[i + 1] = places += begin[i + 1] - begin[i];
    }
    net.fixed_source.resize(places);
    const bool weighted = !fixed_graph->weight.empty();
    if (weighted) net.fixed_log_size.resize(places + kReadAhead);
    for (size_t g = 0; g < net.groups.size(); ++g)
        for (u32 i = net.partition.own(g).first; i < net.partition.own(g).last; ++i) {
            u64 at = net.fixed_begin[i];
            for (const bool inhibitory : {true, false}) {
                for (u64 k = begin[i]; k < begin[i + 1]; ++k)
                    if ((fixed_graph->source[k] >= net.excitatory) == inhibitory) {
                        if (weighted) net.fixed_log_size[at] = size_of_weight(fixed_graph->weight[k]);
                        net.fixed_source.set(at++, net.numbers.in_rows(fixed_graph->source[k]));
                    }
                if (inhibitory) net.fixed_inhibitory[i] = static_cast<u32>(at - net.fixed_begin[i]);
            }
        }
    fixed_graph.reset();
}

}  // namespace respine
