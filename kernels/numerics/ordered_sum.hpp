// Sums whose order does not depend on the number of threads or processes: fixed blocks of kBlock terms,
// sixteen sums side by side in each; the sums of kSuperblock terms, block by block; and these in order. A
// floating-point `reduction(+)` would give other bits for every thread count.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

struct Moments {
    double mean = 0.0, sd = 0.0;
};

// Sum of the values, in double.
double ordered_sum(std::span<const float> values);

// Sum of a[i] * b[i], in double.
double ordered_dot(std::span<const float> a, std::span<const float> b);

// Mean and population standard deviation; zeros for an empty span.
Moments ordered_moments(std::span<const float> values);

inline constexpr u64 kSuperblock = u64{1} << 20;  // terms; a whole number of blocks

// The sum of a superblock between two of its terms, for terms that lie in several processes: it travels from
// one to the next, in order.
struct RunningSum {
    std::array<double, 16> lane{};  // of the block that is not full yet
    double total = 0.0;             // of the full blocks
    u64 terms = 0;
    double value() const;
};

// Terms of the neurons [first, last): a[i] b[i]; without b a[i]; or (a[i] - about)^2.
struct SumTerms {
    const float *a, *b;
    size_t first, last;
    std::optional<double> about = std::nullopt;
    bool goes_on = false;  // with the sum of the terms before them in the list
    double term(size_t i) const {
        const double value = static_cast<double>(a[i]);
        if (about) return (value - *about) * (value - *about);
        return b ? value * static_cast<double>(b[i]) : value;
    }
};

// Some terms of one superblock, of which the first is term number `position` of its sum. What does not depend
// on the terms before is added up when it is made, by all threads.
class SumPart {
public:
    SumPart(const SumTerms& terms, u64 position);
    void add_to(RunningSum& sum) const;

private:
    SumTerms terms_;
    size_t blocks_from_;  // full blocks begin here
    std::vector<double> blocks_;
};

// Neurons whose values this process has, and how sums over all neurons are made. By itself a process has them
// all.
class NeuronShare {
public:
    explicit NeuronShare(size_t neurons) : neurons_(neurons) {}
    virtual ~NeuronShare() = default;
    struct Range {
        size_t first, last;
    };
    virtual Range own_of(Range range) const { return range; }  // `range` is a whole group
    virtual std::vector<Range> own() const { return {{0, neurons_}}; }
    // One for each of the terms that do not go on with a sum.
    virtual std::vector<double> sums(std::span<const SumTerms> terms) const;

private:
    size_t neurons_;
};

}  // namespace respine
