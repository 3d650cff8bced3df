#include "kernels/activity/linear_response.hpp"

#include <cmath>
#include <numeric>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/linear_response.hpp"

namespace respine {
namespace {

// A random network of excitatory and inhibitory neurons, with one inhibitory loop that is strong.
struct LinearCase {
    static constexpr size_t kNeurons = 60;
    std::vector<u64> begin{0}, transposed_begin;
    std::vector<u32> source, transposed_source;
    std::vector<float> weight, transposed_weight;
    std::vector<double> noise;

    LinearCase() {
        std::mt19937_64 engine(7);
        for (u32 i = 0; i < kNeurons; ++i) {
            for (u32 k = 0; k < 12; ++k) {
                source.push_back(static_cast<u32>(test::uniform(engine, 0.0, kNeurons)));
                const double size = test::uniform(engine, 0.0, 0.25);
                weight.push_back(static_cast<float>(source.back() < 40 ? size : -2.0 * size));
            }
            begin.push_back(source.size());
            noise.push_back(test::uniform(engine, 0.5, 1.5));
        }
        transposed_begin.resize(begin.size());
        transposed_source.resize(source.size());
        transposed_weight.resize(weight.size());
        transpose_rows(rows(), transposed_begin, transposed_source, transposed_weight);
    }
    LinearRows rows() const { return {begin, source, weight}; }
    LinearRows transposed() const { return {transposed_begin, transposed_source, transposed_weight}; }
    NoisyNetwork view() const { return {rows(), transposed(), noise}; }
};

struct Room {
    std::vector<double> basis = std::vector<double>((kKrylovDepth + 1) * LinearCase::kNeurons),
                        residual = std::vector<double>(LinearCase::kNeurons);
    KrylovSpace space() { return {basis, residual}; }
};

constexpr double kFine = 1e-10;

TEST(LinearResponse, TransposeHasTheSameEntries) {
    const LinearCase net;
    const reference::Matrix m = reference::dense(net.rows()), t = reference::dense(net.transposed());
    for (size_t i = 0; i < m.size(); ++i)
        for (size_t k = 0; k < m.size(); ++k) EXPECT_NEAR(m[i][k], t[k][i], 1e-12);
}

TEST(LinearResponse, SolvesAsTheWholeMatrixDoes) {
    const LinearCase net;
    const reference::Matrix inverse = reference::response(reference::dense(net.rows()));
    Room room;
    std::vector<double> right(LinearCase::kNeurons, 0.0), y(LinearCase::kNeurons);
    for (size_t one : {0U, 17U, 59U}) {
        std::fill(right.begin(), right.end(), 0.0);
        right[one] = 1.0;
        EXPECT_LE(solve_response(net.rows(), right, kFine, room.space(), y), kFine);
        for (size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], inverse[i][one], 1e-8);
        EXPECT_LE(solve_response(net.transposed(), right, kFine, room.space(), y), kFine);
        for (size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], inverse[one][i], 1e-8);
    }
}

TEST(LinearResponse, NothingInNothingOut) {
    const LinearCase net;
    Room room;
    const std::vector<double> right(LinearCase::kNeurons, 0.0);
    std::vector<double> y(LinearCase::kNeurons, 1.0);
    EXPECT_EQ(solve_response(net.rows(), right, kFine, room.space(), y), 0.0);
    EXPECT_EQ(y, right);
}

// Without a solution it says so and comes back.
TEST(LinearResponse, ASingularNetworkDoesNotConverge) {
    const std::vector<u64> begin = {0, 1};
    const std::vector<u32> source = {0};
    const std::vector<float> weight = {1.0F};
    std::vector<double> basis(kKrylovDepth + 1), residual(1), y(1);
    const std::vector<double> right = {1.0};
    EXPECT_GT(solve_response({begin, source, weight}, right, kFine, {basis, residual}, y), 0.5);
}

TEST(LinearResponse, TimesTheCovarianceIsThatOfTheWholeMatrix) {
    const LinearCase net;
    const reference::Matrix c = reference::covariance(reference::dense(net.rows()), net.noise);
    Room room;
    std::vector<double> z(LinearCase::kNeurons), behind(z.size()), product(z.size());
    draw_signs(3, 0, 0, z.size(), z);
    EXPECT_LE(covariance_times(net.view(), z, kFine, room.space(), behind, product), kFine);
    double quadratic = 0.0;
    for (size_t i = 0; i < z.size(); ++i) {
        EXPECT_NEAR(product[i], std::inner_product(z.begin(), z.end(), c[i].begin(), 0.0), 1e-7);
        quadratic += z[i] * product[i];
    }
    EXPECT_NEAR(dot(behind, behind), quadratic, 1e-7 * quadratic);  // z^T C z, by the noise behind it
}

TEST(LinearResponse, SignsAreSignsOfTheirProbe) {
    std::vector<double> a(1000, 0.0), b(1000, 0.0);
    draw_signs(1, 0, 10, 1000, a);
    draw_signs(1, 1, 10, 1000, b);
    EXPECT_EQ(a[9], 0.0);
    EXPECT_NE(a, b);
    for (size_t i = 10; i < a.size(); ++i) EXPECT_EQ(std::fabs(a[i]), 1.0);
    EXPECT_LT(std::fabs(std::accumulate(a.begin(), a.end(), 0.0)), 150.0);
}

TEST(LinearResponse, DotIsASumOfProducts) {
    const std::vector<double> a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, ones(a.size(), 1.0);
    EXPECT_EQ(dot(a, ones), 66.0);
    EXPECT_EQ(dot(a, a), 506.0);
}

TEST(LinearResponse, TheSlopeIsThatOfTheGain) {
    const auto rate = [](double x) { return 0.04 * x * x; };
    EXPECT_NEAR(rate_slope(0.04, rate(7.0)), (rate(7.001) - rate(6.999)) / 0.002, 1e-9);
}

}  // namespace
}  // namespace respine
