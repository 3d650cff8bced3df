#include "kernels/activity/drive.hpp"

#include <algorithm>

#include "kernels/activity/synapse_rows.hpp"

namespace respine {

namespace {

// Published rates, and how a kernel gets at those of a row's sources: with the processor's gather, or with
// one load for each.
struct Published {
    const float* rate;
    bool by_loads;
};

}  // namespace
}  // namespace respine

#define RESPINE_SIMD_BODY "kernels/activity/drive_rows.inc"
#include "kernels/numerics/each_simd.hpp"
#include "kernels/numerics/loops.hpp"

namespace respine {

namespace {

const auto plastic_block = RESPINE_SIMD_BEST(plastic_block);
const auto fixed_block = RESPINE_SIMD_BEST(fixed_block);

// A gather of AMD's takes twice as long as a load for each lane (Zen 5: 1.2 and 0.6 cycles a lane from the
// first-level cache), Intel's less than the loads. Loads want sources whose number has 16 bits.
Published published_as(std::span<const float> rate) {
#ifdef RESPINE_SIMD_VARIANTS
    static const bool slow_gather = __builtin_cpu_is("amd") || !__builtin_cpu_supports("avx2");
#else
    constexpr bool slow_gather = true;
#endif
    return {rate.data(), slow_gather && rate.size() <= 65536};
}

constexpr size_t kRowsPerTask = 64, kSynapsesPerNanosecond = 2;

template <class Task>
void for_row_tasks(std::span<const u64> row_begin, size_t first, size_t last, Task task) {
    const size_t tasks = (last - first + kRowsPerTask - 1) / kRowsPerTask;
    const size_t synapses = row_begin[last] - row_begin[first];
    for_tasks(0, tasks, worth_threads_for(synapses / kSynapsesPerNanosecond), [&](size_t t) {
        const size_t begin = first + t * kRowsPerTask;
        task(begin, std::min(last, begin + kRowsPerTask));
    });
}

}  // namespace

void publish_rates(std::span<const float> rate, double weight, size_t first, size_t last,
                   std::span<float> published) {
    const float w = static_cast<float>(weight);
    for_neurons(first, last, [&](size_t j) { published[j] = w * rate[j]; });
}

void gather_plastic(const SynapseRows& rows, std::span<const float> published, size_t first, size_t last,
                    std::span<float> recurrent) {
    for_row_tasks(rows.begin, first, last, [&, rates = published_as(published)](size_t begin, size_t end) {
        plastic_block(rows, rates, begin, end, recurrent.data());
    });
}

void gather_fixed(const FixedRows& rows, std::span<const float> published, size_t first, size_t last,
                  std::span<float> excitation, std::span<float> inhibition) {
    for_row_tasks(rows.begin, first, last, [&, rates = published_as(published)](size_t begin, size_t end) {
        fixed_block(rows, rates, begin, end, excitation.data(), inhibition.data());
    });
}

}  // namespace respine
