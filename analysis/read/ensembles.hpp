// What came back of the graph before stress: the connections of the first snapshot and those that the run
// remembers as lost before its start.
#pragma once

#include <span>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

struct Rows {  // CSR by target
    std::vector<u64> offsets;
    std::vector<u32> source;
};

// Those of the rows whose mark is not 0.
Rows marked(const Rows& rows, const std::vector<u8>& marks);

struct Ensembles {
    // Of the connections that the last snapshot has and the first has not, those that had been lost [%].
    double reconnected = 0.0;
    double overlap = 0.0;  // of the connections before stress, those of the last snapshot [%]
};

// NaN where nothing is lost, or nothing new.
Ensembles compare_ensembles(const Rows& lost, const Rows& first, const Rows& last);

}  // namespace respine
