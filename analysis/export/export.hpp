// A run's network, and the fields of its snapshots, in the formats of other programs. Layouts and limits:
// docs/formats.md.
#pragma once

#include <string>
#include <vector>

#include "analysis/export/circuit.hpp"

namespace respine {

inline constexpr const char* kTablesFormat = "respine-network-tables";  // PREFIX.json
inline constexpr int kTablesVersion = 1;

// Messages for the user, which are no errors.
using Notes = std::vector<std::string>;

// The files that each of them makes.
std::vector<std::string> sonata_files(const H5File& run, const std::string& folder);
std::vector<std::string> csv_files(const std::string& prefix);

// SONATA: nodes, edges, their types, circuit_config.json, and a frame report for each field of the snapshots.
void export_sonata(const H5File& run, const Circuit& circuit, const std::string& folder, Notes& notes);

// GraphML by Boost.Graph: neurons with all columns, an edge a synapse.
void export_graphml(const Circuit& circuit, const std::string& path, Notes& notes);

// RFC 4180: PREFIX_nodes.csv, PREFIX_edges.csv, and the units in PREFIX.json.
void export_csv(const Circuit& circuit, const std::string& prefix);

// VTKHDF: neurons as points. Without `hours` every snapshot, which needs ParaView 5.12 or newer; else that
// one, as VTK 9.1 reads it.
void export_vtkhdf(const H5File& run, const CircuitChoice& choice, const std::string& path, Notes& notes);

}  // namespace respine
