#include "kernels/activity/drive.hpp"

#include <algorithm>

#define RESPINE_SIMD_BODY "kernels/activity/drive_rows.inc"
#include "kernels/numerics/each_simd.hpp"

namespace respine {

namespace {

const auto plastic_block = RESPINE_SIMD_BEST(plastic_block);
const auto fixed_block = RESPINE_SIMD_BEST(fixed_block);

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

void publish_rates(std::span<const float> rate, double weight, size_t first, size_t last,
                   std::span<float> published) {
    const float w = static_cast<float>(weight);
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(last - first))
    for (size_t j = first; j < last; ++j) published[j] = w * rate[j];
}

void gather_plastic(const SynapseRows& rows, std::span<const float> published, size_t first, size_t last,
                    std::span<float> recurrent) {
    for_row_tasks(first, last, [&](size_t begin, size_t end) {
        plastic_block(rows, published.data(), begin, end, recurrent.data());
    });
}

void gather_fixed(const FixedRows& rows, std::span<const float> published, size_t first, size_t last,
                  std::span<float> excitation, std::span<float> inhibition) {
    for_row_tasks(first, last, [&](size_t begin, size_t end) {
        fixed_block(rows, published.data(), begin, end, excitation.data(), inhibition.data());
    });
}

}  // namespace respine
