// Fields of the snapshots as frame reports of SONATA: one value a neuron at evenly spaced times.
#pragma once

#include <string>
#include <vector>

#include "analysis/export/export.hpp"
#include "analysis/export/sonata_ids.hpp"

namespace respine {

// Attributes that every HDF5 file of the format has: magic and version 0.1.
void write_sonata_root(H5File& file);

std::string report_file(const std::string& folder, const std::string& field);

// A report knows a start and a step only, so it holds the longest stretch of evenly spaced snapshots; a note
// names the others.
void write_reports(const H5File& run, const SonataIds& ids, const std::string& folder, Notes& notes);

}  // namespace respine
