#include "analysis/design/design.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr double kCentral = 1.959963984540054;  // half-width of the central 95 % in standard deviations

// Independent of order: draw k of a design.
double drawn(u64 seed, u32 id, u32 counter) { return unit(philox(seed, Stream::kDesign, id, counter, 0)[0]); }

std::vector<u32> permutation(u32 n, u64 seed, u32 id) {
    std::vector<u32> order(n);
    std::iota(order.begin(), order.end(), 0U);
    for (u32 k = n; k > 1; --k)
        std::swap(order[k - 1], order[below(philox(seed, Stream::kDesign, id, k, 1)[0], k)]);
    return order;
}

struct Normal {
    double mean, sd;
};

Normal normal_of(double low, double high) { return {0.5 * (low + high), 0.5 * (high - low) / kCentral}; }

constexpr u32 kDigits = 32;        // binary digits of a coordinate
constexpr u32 kDigitsOfDraw = 7;   // a tree of seven digits has 127 branches, and a draw 128 bits
constexpr u32 kScrambleTick = 16;  // of the draws, beside those of the other designs

// Owen's nested uniform scramble: whether a digit is flipped is drawn for each combination of the digits
// above it. The points stay as even as they were, and no two dimensions share a pattern.
u32 scrambled(u32 x, u64 seed, u32 dimension) {
    u32 flipped = 0;
    for (u32 level = 0; level < kDigits; level += kDigitsOfDraw) {
        const u32 above = level == 0 ? 0 : x >> (kDigits - level);
        const Draw flips = philox(seed, Stream::kDesign, dimension, above, kScrambleTick + level);
        for (u32 depth = 0; depth < kDigitsOfDraw && level + depth < kDigits; ++depth) {
            const u32 within = depth == 0 ? 0 : (x << level) >> (kDigits - depth);
            const u32 branch = (1U << depth) - 1 + within;
            flipped |= (flips[branch / 32] >> (branch % 32) & 1U) << (kDigits - 1 - level - depth);
        }
    }
    return x ^ flipped;
}

}  // namespace

double quantile(Prior law, double low, double high, double u) {
    switch (law) {
        case Prior::kUniform:
            return low + u * (high - low);
        case Prior::kLogUniform:
            return low * std::pow(high / low, u);
        case Prior::kNormal: {
            const Normal n = normal_of(low, high);
            return n.mean + n.sd * boost::math::quantile(boost::math::normal(), u);
        }
        case Prior::kLogNormal:
            return std::exp(quantile(Prior::kNormal, std::log(low), std::log(high), u));
    }
    return low;
}

double share_below(Prior law, double low, double high, double value) {
    switch (law) {
        case Prior::kUniform:
            return (value - low) / (high - low);
        case Prior::kLogUniform:
            return std::log(value / low) / std::log(high / low);
        case Prior::kNormal: {
            const Normal n = normal_of(low, high);
            return boost::math::cdf(boost::math::normal(), (value - n.mean) / n.sd);
        }
        case Prior::kLogNormal:
            return share_below(Prior::kNormal, std::log(low), std::log(high), std::log(value));
    }
    return 0.5;
}

UnitDesign random_design(size_t parameters, u32 points, u64 seed) {
    UnitDesign design;
    for (u32 p = 0; p < points; ++p) {
        std::vector<double> row;
        for (u32 k = 0; k < parameters; ++k) row.push_back(drawn(seed, p, k));
        design.rows.push_back(std::move(row));
        design.block.push_back(p);
    }
    return design;
}

UnitDesign latin_hypercube(size_t parameters, u32 points, u64 seed) {
    UnitDesign design = random_design(parameters, points, seed);
    for (u32 k = 0; k < parameters; ++k) {
        const std::vector<u32> stratum = permutation(points, seed, k);
        for (u32 p = 0; p < points; ++p) design.rows[p][k] = (stratum[p] + design.rows[p][k]) / points;
    }
    return design;
}

UnitDesign morris_design(size_t parameters, u32 trajectories, u32 levels, u64 seed) {
    UnitDesign design;
    const u32 jump = levels / 2;  // in grid steps: levels / (2 (levels - 1)) of the range
    for (u32 t = 0; t < trajectories; ++t) {
        std::vector<u32> at(parameters);
        for (u32 k = 0; k < parameters; ++k) at[k] = below(philox(seed, Stream::kDesign, t, k, 2)[0], levels);
        const auto push = [&] {
            std::vector<double> row;
            for (u32 level : at)
                row.push_back((level + 0.5) /
                              levels);  // levels inside (0, 1), so that unbounded laws have them too
            design.rows.push_back(std::move(row));
            design.block.push_back(t);
        };
        push();
        for (u32 k : permutation(static_cast<u32>(parameters), seed ^ 0x9e3779b97f4a7c15ULL, t)) {
            at[k] = at[k] < jump ? at[k] + jump : at[k] - jump;
            push();
        }
    }
    return design;
}

UnitDesign saltelli_design(size_t parameters, u32 blocks, u64 seed) {
    UnitDesign design;
    const u32 dimensions = static_cast<u32>(2 * parameters);
    boost::random::sobol_engine<u32, kDigits> sequence(dimensions);
    for (u32 b = 0; b < blocks; ++b) {
        // A row of A and a row of B. The library leaves out the first point of the sequence, which is 0.
        std::vector<double> both;
        for (u32 d = 0; d < dimensions; ++d)
            both.push_back(unit(scrambled(b == 0 ? 0 : sequence(), seed, d)));
        const std::vector<double> first(both.begin(), both.begin() + static_cast<std::ptrdiff_t>(parameters));
        design.rows.push_back(first);
        for (size_t k = 0; k < parameters; ++k) {
            design.rows.push_back(first);
            design.rows.back()[k] = both[parameters + k];
        }
        design.rows.emplace_back(both.begin() + static_cast<std::ptrdiff_t>(parameters), both.end());
        design.block.insert(design.block.end(), parameters + 2, b);
    }
    return design;
}

std::vector<std::vector<u32>> full_factorial(const std::vector<u32>& counts) {
    std::vector<std::vector<u32>> rows = {{}};
    for (u32 count : counts) {
        std::vector<std::vector<u32>> longer;
        for (const auto& row : rows)
            for (u32 k = 0; k < count; ++k) {
                longer.push_back(row);
                longer.back().push_back(k);
            }
        rows = std::move(longer);
    }
    return rows;
}

}  // namespace respine
