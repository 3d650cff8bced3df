// Rows that own their arrays, for tests, and random ones.
#pragma once

#include <random>
#include <vector>

#include "kernels/synapse_rows.hpp"

namespace respine::reference {

struct PlasticRows {
    std::vector<u64> begin = {0};
    std::vector<u32> live, source;
    std::vector<u16> log_size, birth;

    SynapseRows view() { return {begin, live, source, log_size, birth}; }
    size_t count() const { return live.size(); }

    // One more row with this many live synapses and spare places behind them.
    void add_row(u32 living, u32 spare) {
        begin.push_back(begin.back() + living + spare);
        live.push_back(living);
        source.resize(begin.back(), 0xdeadU);
        log_size.resize(begin.back(), 0);
        birth.resize(begin.back(), 0);
    }

    std::vector<u32> out_degree(size_t sources) const {
        std::vector<u32> count_of(sources, 0);
        for (size_t i = 0; i < live.size(); ++i)
            for (u64 k = begin[i]; k < begin[i] + live[i]; ++k) ++count_of.at(source[k]);
        return count_of;
    }
};

// Row lengths run through 0 ... longest, so every remainder of the vector width occurs.
inline PlasticRows random_rows(size_t rows, u32 longest, u32 sources, u64 seed) {
    std::mt19937_64 engine(seed);
    PlasticRows r;
    for (size_t i = 0; i < rows; ++i) r.add_row(static_cast<u32>(i % (longest + 1)), 3);
    for (size_t k = 0; k < r.source.size(); ++k) {
        r.source[k] = static_cast<u32>(engine() % sources);
        r.log_size[k] = static_cast<u16>(22000 + engine() % 20000);
        r.birth[k] = static_cast<u16>(engine() % 40000);
    }
    return r;
}

}  // namespace respine::reference
