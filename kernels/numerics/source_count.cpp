#include "kernels/numerics/source_count.hpp"

#include <omp.h>

#include "kernels/numerics/loops.hpp"

namespace respine {

void count_sources(std::span<const std::vector<u32>> noted, u32 by, std::span<u32> degree) {
    const size_t parts = static_cast<size_t>(omp_get_max_threads()), n = degree.size();
    for_tasks(0, parts, parts > 1, [&](size_t part) {
        const u32 first = static_cast<u32>(n * part / parts), last = static_cast<u32>(n * (part + 1) / parts);
        for (const std::vector<u32>& sources : noted)
            for (const u32 source : sources)
                if (source - first < last - first) degree[source] += by;
    });
}

}  // namespace respine
