// Where a snapshot keeps its synapses: the recurrent ones in its own group, those of other plastic
// projections in groups inside it, by the name of the projection.
#pragma once

#include <string>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

// `snapshot` is /snapshots/synapses/NNN, which comes first.
inline std::vector<std::string> plastic_groups(const H5File& run, const std::string& snapshot) {
    std::vector<std::string> groups = {snapshot};
    for (const std::string& name : run.children(snapshot))
        if (const std::string path = snapshot + "/" + name; !run.is_dataset(path)) groups.push_back(path);
    return groups;
}

}  // namespace respine
