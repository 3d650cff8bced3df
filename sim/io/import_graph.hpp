// Users' networks: GraphML (by Boost.Graph) and CSV edge lists.
//
// GraphML: node attributes `type` (E, PV, SST, VIP; default E), `x`, `y`, `z` [um]; all other attributes are ignored.
// CSV: header with columns `source,target` (more are ignored); optional node table with `id` and optional `type,x,y,z`.
// Ids are kept as text and appear in the output.
#pragma once

#include <string>

#include "sim/graph_source.hpp"

namespace respine {

// By ending: .graphml, .xml or .csv. Throws Error(kInput) with file and line.
GraphFile import_graph(const std::string& path, const std::string& nodes_path);

}  // namespace respine
