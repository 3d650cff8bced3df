#include "kernels/numerics/ordered_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "kernels/numerics/loops.hpp"

namespace respine {

namespace {

constexpr size_t kSums = 16;  // side by side: one after the other, each addition would wait for the last

double folded(std::array<double, kSums> sum) {
    for (size_t width = kSums / 2; width > 0; width /= 2)
        for (size_t l = 0; l < width; ++l) sum[l] += sum[l + width];
    return sum[0];
}

// Term by term of a block that begins at `first`.
template <class Term>
double sum_block(size_t first, size_t last, Term term) {
    std::array<double, kSums> sum{};
    size_t i = first;
    for (; i + kSums <= last; i += kSums)
        for (size_t l = 0; l < kSums; ++l) sum[l] += term(i + l);
    for (size_t l = 0; i < last; ++i, ++l) sum[l] += term(i);
    return folded(sum);
}

template <class Term>
double sum_blocks(size_t n, Term term) {
    const size_t blocks = block_count(n);
    if (blocks <= 1) return sum_block(0, n, term);
    std::vector<double> partial(blocks, 0.0);
    // An addition takes an eighth of what other loops do for a neuron.
    for_tasks(0, blocks, worth_threads(n / 8),
              [&](size_t b) { partial[b] = sum_block(b * kBlock, std::min(n, (b + 1) * kBlock), term); });
    constexpr size_t kBlocks = kSuperblock / kBlock;
    double total = 0.0;
    for (size_t first = 0; first < blocks; first += kBlocks) {
        double sum = 0.0;
        for (size_t b = first; b < std::min(blocks, first + kBlocks); ++b) sum += partial[b];
        total += sum;
    }
    return total;
}

}  // namespace

double ordered_sum(std::span<const float> values) {
    return sum_blocks(values.size(), [&](size_t i) { return static_cast<double>(values[i]); });
}

double ordered_dot(std::span<const float> a, std::span<const float> b) {
    return sum_blocks(a.size(),
                      [&](size_t i) { return static_cast<double>(a[i]) * static_cast<double>(b[i]); });
}

double RunningSum::value() const { return terms % kBlock == 0 ? total : total + folded(lane); }

namespace {

void add_term(double term, RunningSum& sum) {
    sum.lane[sum.terms % kSums] += term;
    if (++sum.terms % kBlock != 0) return;
    sum.total += folded(sum.lane);
    sum.lane = {};
}

// sum_block for one kind of terms, which the loop need not ask for.
double sum_block_of(const SumTerms& t, size_t first, size_t last) {
    const float *const a = t.a, *const b = t.b;
    if (t.about)
        return sum_block(first, last, [a, about = *t.about](size_t i) {
            const double d = a[i] - about;
            return d * d;
        });
    if (!b) return sum_block(first, last, [a](size_t i) { return static_cast<double>(a[i]); });
    return sum_block(first, last,
                     [a, b](size_t i) { return static_cast<double>(a[i]) * static_cast<double>(b[i]); });
}

}  // namespace

SumPart::SumPart(const SumTerms& terms, u64 position) : terms_(terms) {
    const size_t missing = static_cast<size_t>((kBlock - position % kBlock) % kBlock);
    blocks_from_ = std::min(terms.last, terms.first + missing);
    blocks_.resize((terms.last - blocks_from_) / kBlock);
    for_tasks(0, blocks_.size(), worth_threads(terms.last - terms.first), [&](size_t k) {
        const size_t begin = blocks_from_ + k * kBlock;
        blocks_[k] = sum_block_of(terms_, begin, begin + kBlock);
    });
}

void SumPart::add_to(RunningSum& sum) const {
    for (size_t i = terms_.first; i < blocks_from_; ++i) add_term(terms_.term(i), sum);
    for (double block : blocks_) sum.total += block;
    sum.terms += blocks_.size() * kBlock;
    for (size_t i = blocks_from_ + blocks_.size() * kBlock; i < terms_.last; ++i)
        add_term(terms_.term(i), sum);
}

std::vector<double> NeuronShare::sums(std::span<const SumTerms> terms) const {
    std::vector<double> out;
    for (size_t k = 0; k < terms.size(); ++k) {
        const SumTerms& t = terms[k];
        const std::span<const float> a(t.a + t.first, t.last - t.first);
        const bool alone = !t.about && (k + 1 == terms.size() || !terms[k + 1].goes_on);
        if (alone) {
            out.push_back(t.b ? ordered_dot(a, {t.b + t.first, a.size()}) : ordered_sum(a));
            continue;
        }
        double total = 0.0;
        RunningSum sum;
        const auto add = [&](SumTerms rest) {
            while (rest.first < rest.last) {
                SumTerms now = rest;
                now.last = std::min<size_t>(rest.last, rest.first + kSuperblock - sum.terms);
                SumPart(now, sum.terms).add_to(sum);
                if (sum.terms == kSuperblock) total += std::exchange(sum, {}).value();
                rest.first = now.last;
            }
        };
        add(t);
        for (; k + 1 < terms.size() && terms[k + 1].goes_on; ++k) add(terms[k + 1]);
        out.push_back(sum.terms > 0 ? total + sum.value() : total);
    }
    return out;
}

Moments ordered_moments(std::span<const float> values) {
    if (values.empty()) return {};
    const double n = static_cast<double>(values.size());
    const double mean = ordered_sum(values) / n;
    const double square = sum_blocks(values.size(), [&](size_t i) {
        const double d = values[i] - mean;
        return d * d;
    });
    return {mean, std::sqrt(square / n)};
}

}  // namespace respine
