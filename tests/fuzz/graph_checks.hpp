// What every imported graph promises to the network builder.
#pragma once

#include <cmath>

#include "sim/network/graph_source.hpp"

namespace respine::fuzz {

inline NetworkChoice file_network(const std::string& file, const std::string& nodes,
                                  const std::string& node_types) {
    NetworkChoice network;
    network.kind = NetworkKind::kFile;
    network.file = file;
    network.nodes = nodes;
    network.node_types = node_types;
    return network;
}

inline void check_graph(const GraphFile& g) {
    bool good = g.types.size() == g.ids.size() && (g.x.empty() || g.x.size() == g.ids.size()) &&
                g.y.size() == g.x.size() && g.z.size() == g.x.size();
    for (const auto& [from, to] : g.edges)
        good = good && from < g.ids.size() && to < g.ids.size() && from != to;
    for (const auto* axis : {&g.x, &g.y, &g.z})
        for (float v : *axis) good = good && std::isfinite(v);
    if (!good) __builtin_trap();
}

}  // namespace respine::fuzz
