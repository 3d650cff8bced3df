// Numbers of presynaptic neurons in the rows of one rank: 24 bits, for as many neurons as its synapses can
// come from, of a network that may have more. Pages of neurons that it knows follow each other; where all are
// known, a neuron keeps its number.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels/numerics/neuron_array.hpp"
#include "kernels/numerics/source_ids.hpp"

namespace respine {

inline constexpr u32 kMostOfAll = 0xfffffe00U;  // neurons of a network that ranks share
inline constexpr u32 kNoNumber = 0xffffffffU;

class SourceNumbers {
public:
    SourceNumbers() = default;  // each neuron's own
    // `known`: ascending, of a network of so many neurons.
    SourceNumbers(std::span<const Slice> known, size_t neurons);

    // Of a neuron in the rows, and the other way; kNoNumber for a neuron on a page that is not known.
    u32 in_rows(u32 neuron) const {
        if (number_.empty()) return neuron;
        const u32 page = number_[neuron / kPage];
        return page == kNoNumber ? kNoNumber : page + neuron % kPage;
    }
    u32 neuron(u32 in_rows) const {
        return number_.empty() ? in_rows : first_[in_rows / kPage] + in_rows % kPage;
    }
    // Numbers that rows hold, all or those of the neurons below `last`.
    u64 count() const { return count_; }
    u64 count(u32 last) const {
        return number_.empty()
                   ? last
                   : kPage * static_cast<u64>(std::ranges::lower_bound(first_, last) - first_.begin());
    }

private:
    static constexpr u32 kPage = 256;
    std::vector<u32> number_;  // of the first neuron of each page
    std::vector<u32> first_;   // neuron of each known page
    u64 count_ = 0;
};

}  // namespace respine
