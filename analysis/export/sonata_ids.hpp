// Populations and node ids of a circuit in SONATA's terms.
#pragma once

#include <string>
#include <vector>

#include "analysis/export/circuit.hpp"

namespace respine {

struct SonataPopulation {
    std::string name;
    std::vector<u32> neurons;  // by ascending node id
};

// A neuron whose id is `population/number`, as the SONATA importer makes them, gets these back. When one id
// of the network is another, all neurons are of one population `neurons` with their numbers in the run as
// node ids.
struct SonataIds {
    std::vector<SonataPopulation> populations;
    std::vector<u64> node_id;     // of each neuron
    std::vector<u32> population;  // of each neuron
    bool kept = false;            // the ids of the user's circuit
};

SonataIds sonata_ids(const std::vector<std::string>& ids);

}  // namespace respine
