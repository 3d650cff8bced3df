// The weights of the edges of a SONATA population: syn_weight in the one group that holds their values.
#pragma once

#include <string>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

class SonataWeights {
public:
    // Where several groups share the values, none of them counts.
    static bool are_in(const H5File& file, const std::string& population);

    // Throws Error(kInput) unless there is a number for each of the `edges`; none when the population has no
    // weights.
    SonataWeights(const H5File& file, const std::string& population, size_t edges);
    bool empty() const { return values_.empty(); }

    // Of the edges [first, first + count). Throws Error(kInput).
    std::vector<float> of(size_t first, size_t count) const;

private:
    const H5File& file_;
    std::string population_;
    std::vector<float> values_;
};

}  // namespace respine
