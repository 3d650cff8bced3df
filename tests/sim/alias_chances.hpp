// What the tests of alias tables share.
#pragma once

#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine::test {

// The chance of each entry that an alias table gives.
inline std::vector<double> chances(const std::vector<float>& keep, const std::vector<u32>& alias) {
    std::vector<double> chance(keep.size(), 0.0);
    for (size_t e = 0; e < keep.size(); ++e) {
        chance[e] += static_cast<double>(keep[e]) / static_cast<double>(keep.size());
        chance.at(alias[e]) += (1.0 - static_cast<double>(keep[e])) / static_cast<double>(keep.size());
    }
    return chance;
}

}  // namespace respine::test
