// What every imported graph promises to the network builder.
#pragma once

#include <cmath>

#include "sim/graph_source.hpp"

namespace respine::fuzz {

inline void check_graph(const GraphFile& g) {
    bool good = g.types.size() == g.ids.size() && (g.x.empty() || g.x.size() == g.ids.size()) && g.y.size() == g.x.size() && g.z.size() == g.x.size();
    for (const auto& [from, to] : g.edges) good = good && from < g.ids.size() && to < g.ids.size() && from != to;
    for (const auto* axis : {&g.x, &g.y, &g.z})
        for (float v : *axis) good = good && std::isfinite(v);
    if (!good) __builtin_trap();
}

}  // namespace respine::fuzz
