#include "analysis/bench/limits.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/activity/first_order.hpp"
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

}  // namespace

double checksum_of_limits() { return static_cast<double>(checked % 1000003); }

Work stream_synapses(const Problem& p) {
    const size_t n = static_cast<size_t>(p.live);
    checked = read_in_order(p.synapses().source.low.data(), n * sizeof(u16)) +
              read_in_order(p.synapses().source.high.data(), n) +
              read_in_order(p.synapses().log_size.data(), n * sizeof(u16));
    return {p.live, 5 * p.live};
}

PlainRows store_plainly(const Problem& problem) {
    constexpr u64 kMost = 100'000'000;
    const PlasticSynapses& p = problem.synapses();
    PlainRows plain{{0}, {}, {}};
    for (size_t i = 0; i < p.live.size() && plain.source.size() < kMost; ++i) {
        for (u64 k = p.row_begin[i]; k < p.row_begin[i] + p.live[i]; ++k) {
            plain.source.push_back(p.source[k]);
            plain.weight.push_back(static_cast<float>(std::exp(size_from_fixed(p.log_size[k]))));
        }
        plain.begin.push_back(plain.source.size());
    }
    return plain;
}

Work plain_gather(Problem& p, const PlainRows& plain) {
    const i64 synapses = static_cast<i64>(plain.source.size());
    const size_t rows = plain.begin.size() - 1;
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < rows; ++i) {
        float sum = 0.0F;
        for (u64 k = plain.begin[i]; k < plain.begin[i + 1]; ++k)
            sum += plain.weight[k] * p.published[plain.source[k]];
        p.recurrent[i] = sum;
    }
    return {synapses, 8 * synapses};
}

// 32 synapses a call; every row begins a new one.
Work philox_alone(const Problem& p) {
    constexpr u32 kSynapsesPerCall = 4 * kPhiloxLanes;
    const NeuronArray<u32>& live = p.synapses().live;
    const PhiloxKeys keys(1);
    u64 sum = 0;
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : sum)
    for (size_t b = 0; b < block_count(live.size()); ++b)
        for (size_t i = b * kBlock; i < std::min(live.size(), (b + 1) * kBlock); ++i)
            for (u32 k = 0; k < live[i]; k += kSynapsesPerCall) {
                PhiloxLanes lanes;
                philox_lanes(keys, Stream::kWalk, static_cast<u32>(i), k / 4, 1, lanes);
                sum += lanes.word[0][0] + lanes.word[3][kPhiloxLanes - 1];
            }
    checked = sum;
    return {p.live, 0};
}

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

RESPINE_CLONES static void lactate_loop(double dt, size_t n, const float* glutamate, float* lactate,
                                        float* held, float* drive) {
    const double k = 1.0 / 1200.0, gain = dt * held_gain(k * dt);
#pragma omp simd
    for (size_t i = 0; i < n; ++i) {
        const double made = (1.0 + 0.5 * (static_cast<double>(glutamate[i]) - 1.0)) / 1200.0;
        const double x = lactate[i], now = x + (made - k * x) * gain;
        lactate[i] = static_cast<float>(now);
        held[i] = static_cast<float>(0.5 * (x + now));
        const double factor = 1.0 + 0.3 * (static_cast<double>(held[i]) - 1.0);
        drive[i] = static_cast<float>(1.0 + factor * (static_cast<double>(drive[i]) - 1.0));
    }
}

void lactate_in_cpp(double dt, std::span<const float> glutamate, std::span<float> lactate,
                    std::span<float> held, std::span<float> drive) {
    lactate_loop(dt, glutamate.size(), glutamate.data(), lactate.data(), held.data(), drive.data());
}

}  // namespace respine
