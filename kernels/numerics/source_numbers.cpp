#include "kernels/numerics/source_numbers.hpp"

namespace respine {

SourceNumbers::SourceNumbers(std::span<const Slice> known, size_t neurons) : count_(neurons) {
    if (known.size() == 1 && known[0].size() == neurons) return;
    number_.assign((neurons + kPage - 1) / kPage, kNoNumber);
    for (const Slice s : known)
        for (u32 page = s.first / kPage; page < (s.last + kPage - 1) / kPage; ++page) {
            if (number_[page] != kNoNumber) continue;
            number_[page] = static_cast<u32>(first_.size()) * kPage;
            first_.push_back(page * kPage);
        }
    count_ = first_.size() * kPage;
}

}  // namespace respine
