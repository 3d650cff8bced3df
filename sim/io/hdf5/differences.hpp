// Whether two results are the same, bit for bit.
#pragma once

#include <string>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

struct Differences {
    size_t compared = 0;             // datasets and attributes of the first
    std::vector<std::string> names;  // "/group/dataset" or "/object@attribute"
};

// What two result files do not have in common. What tells of the execution, such as threads and host, does
// not count.
Differences differences(const H5File& one, const H5File& other);

}  // namespace respine
