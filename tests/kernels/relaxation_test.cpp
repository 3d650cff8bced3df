#include "kernels/activity/relaxation.hpp"

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
        if (relative_residual(NeuronShare(rate.size()), settled, rate) < tolerance) return n;
        accelerate(NeuronShare(rate.size()), s.space, settled, damping, rate);
    }
    return 1000;
}

// r = c r* + coupling: a positive matrix with spectral radius 0.9, and the input that makes `fixed` its fixed
// point.
struct Linear {
    size_t n;
    std::vector<double> matrix, input;
    std::vector<float> fixed;

    explicit Linear(size_t size)
        : n(size), matrix(size * size), input(size, 0.0), fixed(test::random_floats(size, 1.0, 5.0, 2)) {
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
            g[i] = static_cast<std::decay_t<decltype(g[i])>>(3.0 + factor[i % 4] *
                                                                       (static_cast<double>(r[i]) - 3.0));
        return g;
    };
    std::vector<float> rate = test::random_floats(400, 1.0, 6.0, 1);
    std::vector<double> slow(rate.begin(), rate.end());
    const int plain = reference::relax_by_damping(slow, 0.5, 1e-5, 2000, map),
              accelerated = relax(rate, 0.5, 1e-5, map);
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
        accelerate(NeuronShare(rate.size()), s.space, settled, 0.5, rate);
    }
    test::expect_close(rate, std::vector<float>(3, 10.0F), 1e-5);
}

TEST(Relaxation, FirstStepIsDamped) {
    Space s(2);
    std::vector<float> rate = {1.0F, 4.0F};
    accelerate(NeuronShare(rate.size()), s.space, std::vector<float>{3.0F, 2.0F}, 0.25, rate);
    EXPECT_EQ(rate, (std::vector<float>{1.5F, 3.5F}));
}

TEST(Relaxation, RatesStayAboveZero) {
    Space s(2);
    std::vector<float> rate = {1.0F, 1.0F};
    accelerate(NeuronShare(rate.size()), s.space, std::vector<float>{-5.0F, 2.0F}, 0.5, rate);
    EXPECT_EQ(rate[0], 0.0F);
    EXPECT_EQ(rate[1], 1.5F);
}

TEST(Relaxation, StaysAtTheFixedPoint) {
    Space s(50);
    const auto fixed = test::random_floats(50, 1.0, 5.0, 4);
    auto rate = fixed;
    for (int n = 0; n < 6; ++n)
        accelerate(NeuronShare(rate.size()), s.space, fixed, 0.5,
                   rate);  // all differences vanish: singular equations
    EXPECT_EQ(rate, fixed);
}

// Two uniform groups, one inhibitory: r_g = k_g (sum c_gs r_s + e_g)^2, with the drive that makes 4 and 9 Hz
// its fixed point.
struct MeanField {
    std::vector<GroupRange> groups = {{0, 30, 0.5}, {30, 50, 0.8}};
    std::vector<double> coupling = {0.3, -0.5, 0.6, -0.4};
    std::vector<double> drive = {std::sqrt(4.0 / 0.5) - 0.3 * 4.0 + 0.5 * 9.0,
                                 std::sqrt(9.0 / 0.8) - 0.6 * 4.0 + 0.4 * 9.0};
    std::vector<float> settled(const std::vector<float>& rate) const {
        std::vector<float> out(50);
        const double mean[] = {static_cast<double>(rate[0]), static_cast<double>(rate[30])};
        for (size_t g = 0; g < 2; ++g) {
            const double x = coupling[2 * g] * mean[0] + coupling[2 * g + 1] * mean[1] + drive[g];
            for (size_t i = groups[g].first; i < groups[g].last; ++i)
                out[i] = static_cast<float>(x > 0.0 ? groups[g].gain * x * x : 0.0);
        }
        return out;
    }
    std::vector<float> corrected(const std::vector<float>& rate) const {
        std::vector<float> out = settled(rate), slope(50);
        correct_by_groups(NeuronShare(rate.size()), groups, coupling, rate, slope, out);
        return out;
    }
};

std::vector<float> two_levels(float first, float second) {
    std::vector<float> rate(50, second);
    std::fill(rate.begin(), rate.begin() + 30, first);
    return rate;
}

TEST(Relaxation, GroupCorrectionIsNewtonsStepOfTheMeanField) {
    const MeanField field;
    const double x[] = {0.3 * 4.5 - 0.5 * 8.0 + field.drive[0], 0.6 * 4.5 - 0.4 * 8.0 + field.drive[1]};
    const double slope[] = {2.0 * 0.5 * x[0], 2.0 * 0.8 * x[1]},
                 d[] = {0.5 * x[0] * x[0] - 4.5, 0.8 * x[1] * x[1] - 8.0};
    const double a = 1.0 - slope[0] * 0.3, b = slope[0] * 0.5, c = -slope[1] * 0.6,
                 e = 1.0 + slope[1] * 0.4;  // I - D
    const auto next = field.corrected(two_levels(4.5F, 8.0F));
    EXPECT_NEAR(next[0], 4.5 + (e * d[0] - b * d[1]) / (a * e - b * c), 1e-5);
    EXPECT_NEAR(next[49], 8.0 + (a * d[1] - c * d[0]) / (a * e - b * c), 1e-5);
}

TEST(Relaxation, GroupCorrectionConvergesWherePlainIterationOvershoots) {
    const MeanField field;
    auto plain = two_levels(4.4F, 8.5F), newton = plain;
    for (int n = 0; n < 5; ++n) {
        plain = field.settled(plain);
        newton = field.corrected(newton);
    }
    test::expect_close(newton, two_levels(4.0F, 9.0F), 1e-5);
    EXPECT_GT(std::fabs(plain[49] - 9.0F), 1.0F);
}

TEST(Relaxation, GroupCorrectionLeavesTheFixedPointAlone) {
    test::expect_close(MeanField().corrected(two_levels(4.0F, 9.0F)), two_levels(4.0F, 9.0F), 1e-5);
}

TEST(Relaxation, GroupCorrectionSpreadsByTheSlopeOfEachNeuron) {
    const std::vector<GroupRange> group = {{0, 2, 1.0}};
    const std::vector<float> rate = {2.0F, 6.0F};
    std::vector<float> settled = {1.0F, 9.0F}, slope(2);  // slopes 2 and 6, mean 4; mean residual 1; D = 0.4
    correct_by_groups(NeuronShare(rate.size()), group, std::vector<double>{0.1}, rate, slope, settled);
    EXPECT_NEAR(settled[0], 1.0 + 2.0 * 0.1 / 0.6, 1e-6);
    EXPECT_NEAR(settled[1], 9.0 + 6.0 * 0.1 / 0.6, 1e-6);
}

TEST(Relaxation, GroupCorrectionDeclinesASingularNetwork) {
    const std::vector<GroupRange> group = {{0, 2, 1.0}};
    std::vector<float> settled = {4.0F, 4.0F}, slope(2);  // slope 4, D = 1
    correct_by_groups(NeuronShare(2), group, std::vector<double>{0.25}, std::vector<float>{1.0F, 1.0F}, slope,
                      settled);
    EXPECT_EQ(settled, (std::vector<float>{4.0F, 4.0F}));
}

TEST(Relaxation, ResidualIsRelative) {
    const auto rate = test::random_floats(3000, 1.0, 5.0, 5);
    auto settled = rate;
    for (float& r : settled) r *= 1.25F;
    EXPECT_NEAR(relative_residual(NeuronShare(rate.size()), settled, rate), 0.25, 1e-7);
    EXPECT_LT(relative_residual(NeuronShare(rate.size()), rate, rate), 1e-7);
}

TEST(Relaxation, SameBitsForAnyThreadCount) {
    const auto start = test::random_floats(12000, 1.0, 5.0, 6),
               target = test::random_floats(12000, 1.0, 5.0, 7);
    test::expect_same_bits_for_any_thread_count([&] {
        Space s(start.size());
        auto rate = start;
        for (int n = 0; n < 8; ++n) {
            std::vector<float> settled(rate.size());
            for (size_t i = 0; i < rate.size(); ++i)
                settled[i] =
                    target[i] + 0.1F * rate[i] * (i % 3 ? 1.0F : -2.0F) + 0.01F * rate[(i + 1) % rate.size()];
            accelerate(NeuronShare(rate.size()), s.space, settled, 0.5, rate);
        }
        return rate;
    });
}

}  // namespace
}  // namespace respine
