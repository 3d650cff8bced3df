#include "kernels/relaxation.hpp"

#include <cmath>
#include <functional>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/relaxation.hpp"

namespace respine {
namespace {

// Owns the memory of an AndersonSpace.
struct Space {
    std::array<std::vector<float>, kAndersonDepth> rate_change, residual_change;
    std::vector<float> residual;
    AndersonSpace space;

    explicit Space(size_t n) : residual(n) {
        for (size_t k = 0; k < kAndersonDepth; ++k) {
            rate_change[k].assign(n, 0.0F);
            residual_change[k].assign(n, 0.0F);
            space.rate_change[k] = rate_change[k];
            space.residual_change[k] = residual_change[k];
        }
        space.residual = residual;
    }
};

using Map = std::function<std::vector<float>(const std::vector<float>&)>;

// Number of maps until the relative residual is below the tolerance.
int relax(std::vector<float>& rate, double damping, double tolerance, const Map& map) {
    Space s(rate.size());
    for (int n = 1; n < 1000; ++n) {
        const std::vector<float> settled = map(rate);
        if (relative_residual(settled, rate) < tolerance) return n;
        accelerate(s.space, settled, damping, rate);
    }
    return 1000;
}

// r = c r* + coupling: a positive matrix with spectral radius 0.9, and the input that makes `fixed` its fixed point.
struct Linear {
    size_t n;
    std::vector<double> matrix, input;
    std::vector<float> fixed;

    explicit Linear(size_t size) : n(size), matrix(size * size), input(size, 0.0), fixed(test::random_floats(size, 1.0, 5.0, 2)) {
        std::mt19937_64 engine(3);
        for (size_t i = 0; i < n; ++i) {
            double row = 0.0;
            for (size_t j = 0; j < n; ++j) row += matrix[i * n + j] = test::uniform(engine, 0.0, 1.0);
            for (size_t j = 0; j < n; ++j) matrix[i * n + j] *= 0.9 / row;
            matrix[i * n + i] -= 0.7;  // a spread of eigenvalues, from -0.7 to 0.2
            input[i] = fixed[i];
            for (size_t j = 0; j < n; ++j) input[i] -= matrix[i * n + j] * static_cast<double>(fixed[j]);
        }
    }
    template <class T>
    std::vector<T> operator()(const std::vector<T>& r) const {
        std::vector<T> g(n);
        for (size_t i = 0; i < n; ++i) {
            double sum = input[i];
            for (size_t j = 0; j < n; ++j) sum += matrix[i * n + j] * static_cast<double>(r[j]);
            g[i] = static_cast<T>(sum);
        }
        return g;
    }
};

TEST(Relaxation, FindsTheKnownFixedPoint) {
    const Linear problem(60);
    std::vector<float> rate(60, 2.0F);
    EXPECT_LT(relax(rate, 0.5, 1e-6, problem), 60);
    test::expect_close(rate, problem.fixed, 1e-5);
}

TEST(Relaxation, IsFasterThanPlainDamping) {
    // Slow and fast directions together: eigenvalues 0.97, 0.6, -0.3 and -0.9.
    const auto map = [](const auto& r) {
        auto g = r;
        const double factor[] = {0.97, 0.6, -0.3, -0.9};
        for (size_t i = 0; i < r.size(); ++i)
            g[i] = static_cast<std::decay_t<decltype(g[i])>>(3.0 + factor[i % 4] * (static_cast<double>(r[i]) - 3.0));
        return g;
    };
    std::vector<float> rate = test::random_floats(400, 1.0, 6.0, 1);
    std::vector<double> slow(rate.begin(), rate.end());
    const int plain = reference::relax_by_damping(slow, 0.5, 1e-5, 2000, map), accelerated = relax(rate, 0.5, 1e-5, map);
    EXPECT_GT(plain, 300);
    EXPECT_LT(accelerated, plain / 10);
    test::expect_close(rate, std::vector<double>(400, 3.0), 1e-3);
}

TEST(Relaxation, TwoStepsSolveOneLinearDirection) {  // with one direction Anderson is the secant rule
    Space s(3);
    std::vector<float> rate = {1.0F, 2.0F, 3.0F};
    for (int n = 0; n < 2; ++n) {
        std::vector<float> settled(3);
        for (size_t i = 0; i < 3; ++i) settled[i] = 10.0F + 0.8F * (rate[i] - 10.0F);
        accelerate(s.space, settled, 0.5, rate);
    }
    test::expect_close(rate, std::vector<float>(3, 10.0F), 1e-5);
}

TEST(Relaxation, FirstStepIsDamped) {
    Space s(2);
    std::vector<float> rate = {1.0F, 4.0F};
    accelerate(s.space, std::vector<float>{3.0F, 2.0F}, 0.25, rate);
    EXPECT_EQ(rate, (std::vector<float>{1.5F, 3.5F}));
}

TEST(Relaxation, RatesStayAboveZero) {
    Space s(2);
    std::vector<float> rate = {1.0F, 1.0F};
    accelerate(s.space, std::vector<float>{-5.0F, 2.0F}, 0.5, rate);
    EXPECT_EQ(rate[0], 0.0F);
    EXPECT_EQ(rate[1], 1.5F);
}

TEST(Relaxation, StaysAtTheFixedPoint) {
    Space s(50);
    const auto fixed = test::random_floats(50, 1.0, 5.0, 4);
    auto rate = fixed;
    for (int n = 0; n < 6; ++n) accelerate(s.space, fixed, 0.5, rate);  // all differences vanish: singular equations
    EXPECT_EQ(rate, fixed);
}

TEST(Relaxation, ResidualIsRelative) {
    const auto rate = test::random_floats(3000, 1.0, 5.0, 5);
    auto settled = rate;
    for (float& r : settled) r *= 1.25F;
    EXPECT_NEAR(relative_residual(settled, rate), 0.25, 1e-7);
    EXPECT_LT(relative_residual(rate, rate), 1e-7);
}

TEST(Relaxation, SameBitsForAnyThreadCount) {
    const auto start = test::random_floats(12000, 1.0, 5.0, 6), target = test::random_floats(12000, 1.0, 5.0, 7);
    test::expect_same_bits_for_any_thread_count([&] {
        Space s(start.size());
        auto rate = start;
        for (int n = 0; n < 8; ++n) {
            std::vector<float> settled(rate.size());
            for (size_t i = 0; i < rate.size(); ++i) settled[i] = target[i] + 0.1F * rate[i] * (i % 3 ? 1.0F : -2.0F) + 0.01F * rate[(i + 1) % rate.size()];
            accelerate(s.space, settled, 0.5, rate);
        }
        return rate;
    });
}

}  // namespace
}  // namespace respine
