#include "kernels/drive.hpp"

#include <algorithm>

namespace respine {

namespace {

constexpr size_t kLanes = 16;

__attribute__((always_inline)) inline float fold(const float (&lane)[kLanes]) {
    float half[kLanes / 2];
    for (size_t l = 0; l < kLanes / 2; ++l) half[l] = lane[l] + lane[l + kLanes / 2];
    float s = 0.0F;
    for (float h : half) s += h;
    return s;
}

__attribute__((always_inline)) inline float sum_sources(const u32* source, size_t n, const float* published) {
    float lane[kLanes] = {};
    size_t k = 0;
    for (; k + kLanes <= n; k += kLanes) {
#pragma omp simd
        for (size_t l = 0; l < kLanes; ++l) lane[l] += published[source[k + l]];
    }
    for (size_t l = 0; k + l < n; ++l) lane[l] += published[source[k + l]];
    return fold(lane);
}

__attribute__((always_inline)) inline float sum_weighted(const u32* source, const u16* log_size, size_t n,
                                                         const float* published) {
    float lane[kLanes] = {};
    size_t k = 0;
    for (; k + kLanes <= n; k += kLanes) {
#pragma omp simd
        for (size_t l = 0; l < kLanes; ++l) lane[l] += spine_weight(log_size[k + l]) * published[source[k + l]];
    }
    for (size_t l = 0; k + l < n; ++l) lane[l] += spine_weight(log_size[k + l]) * published[source[k + l]];
    return fold(lane);
}

RESPINE_CLONES void plastic_block(const SynapseRows& rows, const float* published, size_t first, size_t last, float* recurrent) {
    for (size_t i = first; i < last; ++i) {
        const u64 at = rows.begin[i];
        recurrent[i] = sum_weighted(rows.source.data() + at, rows.log_size.data() + at, rows.live[i], published);
    }
}

RESPINE_CLONES void fixed_block(const FixedRows& rows, const float* published, size_t first, size_t last, float* excitation,
                                float* inhibition) {
    for (size_t i = first; i < last; ++i) {
        const u32* source = rows.source.data() + rows.begin[i];
        const size_t n = rows.begin[i + 1] - rows.begin[i], split = rows.inhibitory[i];
        inhibition[i] = sum_sources(source, split, published);
        excitation[i] = sum_sources(source + split, n - split, published);
    }
}

constexpr size_t kRowsPerTask = 64;

template <class Task>
void for_row_tasks(size_t first, size_t last, Task task) {
    const size_t tasks = (last - first + kRowsPerTask - 1) / kRowsPerTask;
#pragma omp parallel for schedule(static)
    for (size_t t = 0; t < tasks; ++t) {
        const size_t begin = first + t * kRowsPerTask;
        task(begin, std::min(last, begin + kRowsPerTask));
    }
}

}  // namespace

void publish_rates(std::span<const float> rate, double weight, size_t first, size_t last, std::span<float> published) {
    const float w = static_cast<float>(weight);
#pragma omp parallel for simd schedule(static)
    for (size_t j = first; j < last; ++j) published[j] = w * rate[j];
}

void gather_plastic(const SynapseRows& rows, std::span<const float> published, size_t first, size_t last, std::span<float> recurrent) {
    for_row_tasks(first, last, [&](size_t begin, size_t end) {
        plastic_block(rows, published.data(), begin, end, recurrent.data());
    });
}

void gather_fixed(const FixedRows& rows, std::span<const float> published, size_t first, size_t last, std::span<float> excitation,
                  std::span<float> inhibition) {
    for_row_tasks(first, last, [&](size_t begin, size_t end) {
        fixed_block(rows, published.data(), begin, end, excitation.data(), inhibition.data());
    });
}

}  // namespace respine
