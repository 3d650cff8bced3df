// Arrays over all neurons of which a process may have a part. The numbers of neurons are the same in every
// process; memory is taken only for the pages that are written, so an array costs a process what its own
// neurons cost.
#pragma once

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

// Zeros, none of them in memory yet; throws std::bad_alloc.
void* untouched_pages(size_t bytes);
void return_pages(void* pages, size_t bytes) noexcept;

template <class T>
struct UntouchedPages {
    using value_type = T;
    UntouchedPages() = default;
    template <class U>
    UntouchedPages(const UntouchedPages<U>&) {}
    T* allocate(size_t n) { return static_cast<T*>(untouched_pages(n * sizeof(T))); }
    void deallocate(T* p, size_t n) noexcept { return_pages(p, n * sizeof(T)); }
    template <class U>
    void construct(U*) noexcept {}  // zero already, and writing would take the page
    template <class U, class... From>
    void construct(U* at, From&&... from) {
        ::new (static_cast<void*>(at)) U(std::forward<From>(from)...);
    }
    bool operator==(const UntouchedPages&) const { return true; }
};

// `NeuronArray<T>(n)` is zeros that take no memory; `assign`, and copies, take it for all n.
template <class T>
using NeuronArray = std::vector<T, UntouchedPages<T>>;

// Neurons [first, last).
struct Slice {
    u32 first = 0, last = 0;
    u32 size() const { return last - first; }
    bool has(u32 neuron) const { return first <= neuron && neuron < last; }
    bool operator==(const Slice&) const = default;
};

template <class T>
std::span<T> part_of(NeuronArray<T>& values, Slice s) {
    return std::span<T>(values).subspan(s.first, s.size());
}
template <class T>
std::span<const T> part_of(const NeuronArray<T>& values, Slice s) {
    return std::span<const T>(values).subspan(s.first, s.size());
}

// Copies the values of some neurons.
template <class T>
void copy_parts(std::span<const Slice> parts, const NeuronArray<T>& from, NeuronArray<T>& to) {
    for (const Slice s : parts) std::ranges::copy(part_of(from, s), part_of(to, s).begin());
}

}  // namespace respine
