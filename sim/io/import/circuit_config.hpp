// circuit_config.json of SONATA: which files a circuit is made of.
#pragma once

#include <string>
#include <vector>

namespace respine {

struct CircuitFiles {
    struct Table {
        std::string h5, types;  // types: CSV, "" when there is none
    };
    std::vector<Table> nodes, edges;
};

// Variables of `manifest` are put in, as $NAME or ${NAME}; ${configdir} is the folder of the file, and other
// paths begin there. Throws Error(kInput).
CircuitFiles read_circuit_config(const std::string& path);

}  // namespace respine
