// Rows that own their arrays, for tests, and random ones.
#pragma once

#include <random>
#include <vector>

#include "kernels/activity/synapse_rows.hpp"

namespace respine::reference {

struct PlasticRows {
    std::vector<u64> begin = {0};
    std::vector<u32> live;
    SourceIds source;
    std::vector<u16> log_size, birth;

    SynapseRows view() { return {begin, live, source.span(), log_size, birth}; }
    u64 places() const { return begin.back(); }
    size_t count() const { return live.size(); }

    // One more row with this many live synapses, and at least as many spare places behind them.
    void add_row(u32 living, u32 spare) {
        begin.push_back(begin.back() + round_up_to_stride(living + spare));
        live.push_back(living);
        source.resize(begin.back());
        log_size.resize(begin.back(), 0);
        birth.resize(begin.back(), 0);
    }

    std::vector<u32> sources() const {  // live ones, row by row
        std::vector<u32> all;
        for (size_t i = 0; i < live.size(); ++i)
            for (u64 k = begin[i]; k < begin[i] + live[i]; ++k) all.push_back(source[k]);
        return all;
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
    for (u64 k = 0; k < r.places(); ++k) {
        r.source.set(k, static_cast<u32>(engine() % sources));
        r.log_size[k] = static_cast<u16>(22000 + engine() % 20000);
        r.birth[k] = static_cast<u16>(engine() % 40000);
    }
    return r;
}

}  // namespace respine::reference
