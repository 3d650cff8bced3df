#include "bench/limits.hpp"

#include <algorithm>

#include "kernels/numerics/random.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

using Word = u64 __attribute__((may_alias));  // any array is read as 64-bit words

// An integer sum may be reassociated, so this is vector code: its speed is that of the memory.
RESPINE_CLONES u64 sum_words(const Word* at, size_t n) {
    u64 sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; ++k) sum += at[k];
    return sum;
}

u64 read_in_order(const void* data, size_t bytes) {
    constexpr size_t kWordsPerTask = 8192;
    const size_t words = bytes / sizeof(Word), tasks = (words + kWordsPerTask - 1) / kWordsPerTask;
    const auto* at = static_cast<const Word*>(data);
    u64 sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
    for (size_t t = 0; t < tasks; ++t)
        sum += sum_words(at + t * kWordsPerTask, std::min(kWordsPerTask, words - t * kWordsPerTask));
    return sum;
}

u64 checked;  // every limit leaves its result here, so none can be skipped

Work stream_synapses(Workload& w) {
    const size_t n = static_cast<size_t>(w.live);
    checked = read_in_order(w.network.recurrent().source.low.data(), n * sizeof(u16)) +
              read_in_order(w.network.recurrent().source.high.data(), n) +
              read_in_order(w.network.recurrent().log_size.data(), n * sizeof(u16));
    return {w.live, 5 * w.live};
}

Work plain_gather(Workload& w) {
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < w.network.excitatory; ++i) {
        float sum = 0.0F;
        for (u64 k = w.plain_begin[i]; k < w.plain_begin[i + 1]; ++k)
            sum += w.plain_weight[k] * w.published[w.plain_source[k]];
        w.recurrent[i] = sum;
    }
    return {w.live, 8 * w.live};
}

// As many calls as the turnover makes, each with its own counters: 32 synapses a call, every row begins a new
// one.
Work philox_alone(Workload& w) {
    constexpr u32 kSynapsesPerCall = 4 * kPhiloxLanes;
    u64 sum = 0;
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : sum)
    for (size_t b = 0; b < block_count(w.network.excitatory); ++b)
        for (size_t i = b * kBlock; i < std::min(w.network.excitatory, (b + 1) * kBlock); ++i)
            for (u32 k = 0; k < w.network.recurrent().live[i]; k += kSynapsesPerCall) {
                PhiloxLanes lanes;
                philox_lanes(1, Stream::kWalk, static_cast<u32>(i), k / 4, 1, lanes);
                sum += lanes.word[0][0] + lanes.word[3][kPhiloxLanes - 1];
            }
    checked = sum;
    return {w.live, 0};
}

double checksum_of_limit(const Workload&) { return static_cast<double>(checked % 1000003); }

constexpr Kernel kLimits[] = {
    {"stream_synapses", "synapse", stream_synapses, nullptr, checksum_of_limit, true},
    {"plain_gather", "synapse", plain_gather, nullptr,
     [](const Workload& w) { return static_cast<double>(w.recurrent[1]); }, true},
    {"philox_alone", "synapse", philox_alone, nullptr, checksum_of_limit, false},
};

}  // namespace

std::span<const Kernel> limits() { return kLimits; }

double streaming_seconds(i64 bytes) {
    static std::vector<u64> buffer;
    const size_t size = static_cast<size_t>(std::max<i64>(bytes, 64));
    if (buffer.size() * sizeof(u64) < size) buffer.assign(size / sizeof(u64) + 1, 1);
    double best = 1e300;
    for (int pass = 0; pass < 6; ++pass) {
        const auto start = wall_now();
        checked = read_in_order(buffer.data(), size);
        best = std::min(best, seconds_since(start));
    }
    return best;
}

}  // namespace respine
