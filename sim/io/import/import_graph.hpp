// Users' networks: GraphML, CSV edge lists, SONATA (sim/io/import/import_sonata.hpp).
//
// GraphML: directed; node attributes `type` (E, PV, SST, VIP; default E), `x`, `y`, `z` [um]. CSV: header
// with columns `source,target`; optional node table with `id` and optional `type,x,y,z`. What else stands in
// them is ignored, and a note says so. Ids are kept as text and appear in the output; they decide the order
// of the neurons.
#pragma once

#include "sim/network/graph_source.hpp"

namespace respine {

// By the ending of `file`: .graphml, .xml, .csv, or .h5, .hdf5 and .json for SONATA. Throws Error(kInput)
// with the place in the file.
GraphFile import_graph(const NetworkChoice& network);

}  // namespace respine
