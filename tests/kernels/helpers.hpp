// Shared by the kernel tests: random input and the check that threads do not change a bit.
#pragma once

#include <gtest/gtest.h>
#include <omp.h>

#include <cstring>
#include <random>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine::test {

inline double uniform(std::mt19937_64& engine, double low, double high) {
    return low + (high - low) * (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53;
}

inline std::vector<float> random_floats(size_t n, double low, double high, u64 seed) {
    std::mt19937_64 engine(seed);
    std::vector<float> values(n);
    for (float& v : values) v = static_cast<float>(uniform(engine, low, high));
    return values;
}

// `run` computes from fixed input and returns a vector; its bytes must not depend on the number of threads.
template <class Run>
void expect_same_bits_for_any_thread_count(Run run) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(1);
    const auto expected = run();
    ASSERT_FALSE(expected.empty());
    for (int threads : {2, 3, 8}) {
        omp_set_num_threads(threads);
        const auto got = run();
        ASSERT_EQ(got.size(), expected.size());
        EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.size() * sizeof(got[0])), 0)
            << threads << " threads";
    }
    omp_set_num_threads(before);
}

// Every value within `relative` of its reference, or within `absolute` where the reference is small.
template <class Got, class Expected>
void expect_close(const Got& got, const Expected& expected, double relative, double absolute = 0.0) {
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) {
        const double e = static_cast<double>(expected[i]);
        ASSERT_NEAR(static_cast<double>(got[i]), e, relative * std::abs(e) + absolute) << "at " << i;
    }
}

}  // namespace respine::test
