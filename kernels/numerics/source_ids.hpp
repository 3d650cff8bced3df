// Numbers of presynaptic neurons in 24 bits, the low 16 apart from the high 8: a quarter less to read than 32
// bits, in plain vector loads.
#pragma once

#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr u32 kMostNeurons = 1U << 24;  // that synapses in the rows of one process can come from
inline constexpr size_t kReadAhead = 16;  // places that vector code may read (never write) past the last one

struct SourceView {
    const u16* low = nullptr;
    const u8* high = nullptr;
    u32 operator[](u64 k) const { return low[k] | (u32{high[k]} << 16); }
};

struct SourceSpan {
    u16* low = nullptr;
    u8* high = nullptr;
    u32 operator[](u64 k) const { return low[k] | (u32{high[k]} << 16); }
    void set(u64 k, u32 id) const {
        low[k] = static_cast<u16>(id);
        high[k] = static_cast<u8>(id >> 16);
    }
    operator SourceView() const { return {low, high}; }
};

struct SourceIds {
    std::vector<u16> low;  // places + kReadAhead
    std::vector<u8> high;  // as many

    SourceIds() = default;
    explicit SourceIds(u64 places) { resize(places); }
    void resize(u64 places) {
        low.resize(places + kReadAhead);
        high.resize(places + kReadAhead);
    }
    u64 size() const { return low.empty() ? 0 : low.size() - kReadAhead; }
    u32 operator[](u64 k) const { return low[k] | (u32{high[k]} << 16); }
    void set(u64 k, u32 id) { span().set(k, id); }
    SourceSpan span() { return {low.data(), high.data()}; }
    operator SourceView() const { return {low.data(), high.data()}; }
    bool operator==(const SourceIds&) const = default;
};

}  // namespace respine
