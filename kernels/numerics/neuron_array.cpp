#include "kernels/numerics/neuron_array.hpp"

#include <cstdlib>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace respine {

namespace {

#ifdef __linux__
// Below it a whole page or two would be dearer than zeros.
constexpr size_t kWorthPages = size_t{1} << 16;
#endif

void* zeros(size_t bytes) {
    if (void* found = std::calloc(bytes, 1)) return found;
    throw std::bad_alloc();
}

}  // namespace

#ifdef __linux__
void* untouched_pages(size_t bytes) {
    if (bytes < kWorthPages) return zeros(bytes);
    void* pages =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    return pages;
}

void return_pages(void* pages, size_t bytes) noexcept {
    if (bytes < kWorthPages)
        std::free(pages);
    else
        munmap(pages, bytes);
}
#else
void* untouched_pages(size_t bytes) { return zeros(bytes); }

void return_pages(void* pages, size_t) noexcept { std::free(pages); }
#endif

}  // namespace respine
