// SONATA circuits, the format of the Allen Institute and the Blue Brain Project
// (github.com/AllenInstitute/sonata): nodes and edges in HDF5 files, their types in tables separated by
// spaces, or a circuit_config.json that names them all.
//
// All populations of the nodes files become neurons with the id `population/node_id`. Nodes whose model_type
// is `virtual` are left out, and so are edge populations between other populations, with a note. The cell
// type is that of the first of the attributes cell_type, pop_name and model_name that the node has (else its
// node_type_id), read by CellTypeNames. An attribute stands in the node's group, or else in the table of node
// types. Positions are x, y, z [um]; they count when every neuron has x and y. Weights, delays and everything
// else of the edges are ignored.
#pragma once

#include "sim/io/import/cell_type_names.hpp"
#include "sim/network/graph_source.hpp"

namespace respine {

// Throws Error(kInput) with file, dataset, and what is wrong.
GraphFile import_sonata(const NetworkChoice& network, CellTypeNames& names);

}  // namespace respine
