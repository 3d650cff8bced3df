// A run file made small enough to travel inside a page: everything but the synapses of most neurons.
#pragma once

#include <string>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

// Writes a run file to `path` that has at most about `synapses` synapses in each snapshot: all those onto
// every k-th excitatory neuron. A thinned /snapshots/synapses/NNN says so itself: `every` is k, and `live`
// and `formed` count the whole network. Throws Error(kInput) when the graph of the run does not hold
// together.
void write_extract(const H5File& run, const std::string& path, u64 synapses);

}  // namespace respine
