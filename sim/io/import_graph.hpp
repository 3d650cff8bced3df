// Users' networks: GraphML (by Boost.Graph) and CSV edge lists.
//
// GraphML: node attributes `type` (E, PV, SST, VIP; default E), `x`, `y`, `z` [um]; all other attributes are ignored.
// CSV: header with columns `source,target` (more are ignored); optional node table with `id` and optional `type,x,y,z`.
// SONATA: sim/io/import_sonata.hpp.
// Ids are kept as text and appear in the output.
#pragma once

#include "sim/graph_source.hpp"

namespace respine {

// By the ending of `file`: .graphml, .xml, .csv, or .h5, .hdf5 and .json for SONATA. Throws Error(kInput) with the place in the file.
GraphFile import_graph(const NetworkChoice& network);

}  // namespace respine
