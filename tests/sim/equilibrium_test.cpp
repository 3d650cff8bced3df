#include "sim/network/equilibrium.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/network/generate.hpp"
#include "tests/reference/equilibrium.hpp"

namespace respine {
namespace {

constexpr double kHealthy = 120.0;

// All spines mature; newborns are the subject of spine_walk_test.cpp.
Model grown_up() {
    Model model = load_model("mouse", "");
    model.newborn.share = 0.0;
    return model;
}

// Solved once: every test looks at the same balance.
struct Solved {
    Model model = grown_up();
    Condition stress = condition_of(model, {1.0, Genotype::kValVal, 0.0});
    Balance balance = solve_balance(rule_of(model), kHealthy, stress);
    CountLaw healthy = stationary_counts(rule_of(model), balance, {});
    CountLaw stressed = stationary_counts(rule_of(model), balance, stress);
};

const Solved& solved() {
    static const Solved s;
    return s;
}

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

double cell_of(const SizeDensity& d) { return d.x[1] - d.x[0]; }

TEST(Equilibrium, HealthyMeanIsTheWantedOne) {
    EXPECT_NEAR(solved().healthy.mean / kHealthy, 1.0, 1e-5);
    EXPECT_NEAR(solved().healthy.equilibrium / kHealthy, 1.0, 1e-5);
}

TEST(Equilibrium, StressedMeanIsTheWantedShare) {
    EXPECT_NEAR(solved().stressed.mean / kHealthy, solved().model.formation.stressed_equilibrium, 1e-4);
    EXPECT_NEAR(solved().model.formation.stressed_equilibrium, 0.8, 1e-12);
}

TEST(Equilibrium, HoldsForSmallAndLargeNeurons) {
    for (double healthy : {12.0, 900.0}) {
        const Balance b = solve_balance(rule_of(solved().model), healthy, solved().stress);
        EXPECT_NEAR(stationary_counts(rule_of(solved().model), b, {}).mean / healthy, 1.0, 1e-4);
        EXPECT_NEAR(stationary_counts(rule_of(solved().model), b, solved().stress).mean / healthy, 0.8, 1e-4);
        EXPECT_GT(b.capacity, healthy);
    }
}

// Mean gain and loss of one neuron a day under the law, from the equations of the kernels.
struct Flows {
    double up = 0.0, down = 0.0;
};
Flows flows_of(const CountLaw& law, const Condition& c) {
    const Solved& s = solved();
    Flows f;
    const double plain = law.sizes.mean_hazard / (law.loss_factor / c.elimination);
    for (size_t n = 0; n < law.probability.size(); ++n) {
        const double count = static_cast<double>(n),
                     dendritic = std::max(0.0, 1.0 - count / s.balance.capacity),
                     axonal = 1.0 - law.mean / s.balance.capacity;
        f.up += law.probability[n] * s.balance.attempts * c.formation * dendritic * axonal;
        f.down += law.probability[n] * count * plain *
                  (1.0 + s.model.pruning.homeostasis * std::max(0.0, count / law.equilibrium - 1.0));
    }
    return f;
}

TEST(Equilibrium, FlowsBalance) {
    const Flows healthy = flows_of(solved().healthy, {}),
                stressed = flows_of(solved().stressed, solved().stress);
    EXPECT_NEAR(healthy.up / healthy.down, 1.0, 1e-5);
    EXPECT_NEAR(stressed.up / stressed.down, 1.0, 1e-5);
    EXPECT_GT(healthy.up, 0.1);
}

TEST(Equilibrium, LossFactorIsTheMeanHomeostaticFactor) {
    for (const CountLaw* law : {&solved().healthy, &solved().stressed}) {
        const double elimination = law == &solved().healthy ? 1.0 : solved().stress.elimination;
        double weighted = 0.0;
        for (size_t n = 0; n < law->probability.size(); ++n) {
            const double count = static_cast<double>(n);
            weighted +=
                law->probability[n] * count *
                (1.0 + solved().model.pruning.homeostasis * std::max(0.0, count / law->equilibrium - 1.0));
        }
        EXPECT_NEAR(law->loss_factor, elimination * weighted / law->mean, 1e-6);
    }
}

TEST(Equilibrium, LawIsADistribution) {
    for (const CountLaw* law : {&solved().healthy, &solved().stressed}) {
        double mean = 0.0;
        for (size_t n = 0; n < law->probability.size(); ++n) {
            ASSERT_GE(law->probability[n], 0.0);
            mean += static_cast<double>(n) * law->probability[n];
        }
        EXPECT_NEAR(sum(law->probability), 1.0, 1e-12);
        EXPECT_NEAR(mean, law->mean, 1e-9 * law->mean);
    }
}

TEST(Equilibrium, StressLowersTheCountByDegrees) {
    double before = solved().healthy.mean;
    for (double severity : {0.25, 0.5, 0.75, 1.0}) {
        const double mean =
            stationary_counts(rule_of(solved().model), solved().balance,
                              condition_of(solved().model, {severity, Genotype::kValVal, 0.0}))
                .mean;
        EXPECT_LT(mean, before - 0.01 * kHealthy) << severity;
        before = mean;
    }
}

TEST(Equilibrium, RefusesWhatNoCapacityGives) {
    EXPECT_THROW(
        try { solve_balance(rule_of(solved().model), kHealthy, {}); } catch (const Error& e) {
            EXPECT_EQ(e.code(), Exit::kUsage);
            throw;
        },
        Error);
    EXPECT_THROW(solve_balance(rule_of(solved().model), kHealthy, {0.05, 20.0}), Error);
}

TEST(Equilibrium, SizesAgreeWithExplicitTimeSteps) {
    const Model& m = solved().model;
    const double factor = solved().stressed.loss_factor;
    const SizeDensity got = stationary_sizes(rule_of(m), factor);
    const reference::SizeGrid grid;
    const std::vector<double> expected =
        reference::settled_sizes(grid, m.spine_size, m.pruning, factor, 1500.0);
    double hazard = 0.0, worst = 0.0, peak = 0.0;
    for (size_t i = 0; i < grid.cells; ++i) {
        // Two cells of the solver make one of the reference.
        const size_t at = static_cast<size_t>(std::lround((grid.x(i) - got.x[0]) / cell_of(got) - 0.5));
        worst = std::max(worst, std::fabs(0.5 * (got.density[at] + got.density[at + 1]) - expected[i]));
        peak = std::max(peak, expected[i]);
        hazard +=
            m.pruning.hazard * factor * std::exp(-m.pruning.steepness * grid.x(i)) * expected[i] * grid.step;
    }
    EXPECT_LT(worst, 1e-3 * peak);
    EXPECT_NEAR(got.mean_hazard / hazard, 1.0, 1e-3);
}

TEST(Equilibrium,
     SizesLeaveNoResidual) {  // the stationary equation itself, by differences on the inner points
    const Model& m = solved().model;
    const SizeDensity d = stationary_sizes(rule_of(m), 1.2);
    const double h = cell_of(d), spread = m.spine_size.sd * m.spine_size.sd / m.spine_size.time;
    double worst = 0.0, largest = 0.0;
    for (size_t i = 1; i + 1 < d.x.size(); ++i) {
        const double drift =
            (d.x[i + 1] * d.density[i + 1] - d.x[i - 1] * d.density[i - 1]) / (2.0 * h * m.spine_size.time);
        const double curvature =
            spread * (d.density[i + 1] - 2.0 * d.density[i] + d.density[i - 1]) / (h * h);
        const double loss = 1.2 * m.pruning.hazard * std::exp(-m.pruning.steepness * d.x[i]) * d.density[i];
        const double z = (d.x[i] - m.spine_size.new_mean) / m.spine_size.new_sd;
        const double gain =
            d.mean_hazard * std::exp(-0.5 * z * z) / (m.spine_size.new_sd * std::sqrt(2.0 * M_PI));
        worst = std::max(worst, std::fabs(drift + curvature - loss + gain));
        largest = std::max(largest, gain);
    }
    EXPECT_LT(worst, 2e-3 * largest);
}

TEST(Equilibrium, SizesAreNormalised) {
    const SizeDensity& d = solved().healthy.sizes;
    const PruningParams& pruning = solved().model.pruning;
    double weight = 0.0, hazard = 0.0;
    for (size_t i = 0; i < d.x.size(); ++i) {
        weight += d.density[i] * cell_of(d) * std::exp(d.x[i]);
        hazard += d.density[i] * cell_of(d) * solved().healthy.loss_factor * pruning.hazard *
                  std::exp(-pruning.steepness * d.x[i]);
    }
    EXPECT_NEAR(sum(d.density) * cell_of(d), 1.0, 1e-12);
    EXPECT_NEAR(d.mean_weight, weight, 1e-12);
    EXPECT_NEAR(d.mean_hazard, hazard, 1e-9) << "as many die as are renewed";
}

TEST(Equilibrium, EvenHazardGivesItsInverseLifetime) {
    PlasticRule even = rule_of(solved().model);
    even.pruning.steepness = 0.0;
    EXPECT_NEAR(stationary_sizes(even, 1.7).mean_hazard, 1.7 * even.pruning.hazard, 1e-12);
}

SpineSampler sampler_of(const CountLaw& law) { return {rule_of(solved().model), law.loss_factor, law.sizes}; }

TEST(Equilibrium, SampledSizesHaveTheQuantilesOfTheDensity) {
    const SpineSampler sampler = sampler_of(solved().healthy);
    const SizeDensity& d = solved().healthy.sizes;
    for (double u : {0.001, 0.1, 0.5, 0.9, 0.999}) {
        double below = 0.0;
        const double x = sampler.size(u), h = cell_of(d);
        for (size_t i = 0; i < d.x.size(); ++i)
            below += d.density[i] * h * std::clamp((x - d.x[i]) / h + 0.5, 0.0, 1.0);
        EXPECT_NEAR(below, u, 1e-9);
    }
}

TEST(Equilibrium, SampledSizesHaveTheMeanWeight) {
    const SpineSampler sampler = sampler_of(solved().stressed);
    double weight = 0.0;
    for (int k = 0; k < 20000; ++k) weight += std::exp(sampler.size((k + 0.5) / 20000.0)) / 20000.0;
    EXPECT_NEAR(weight, solved().stressed.sizes.mean_weight, 1e-4);
}

// Sizes and ages on a comb over both draws.
double sampled_mean_age(const SpineSampler& sampler, double low_u, double high_u) {
    double age = 0.0;
    for (int k = 0; k < 300; ++k)
        for (int j = 0; j < 300; ++j)
            age += sampler.age(sampler.size(low_u + (high_u - low_u) * (k + 0.5) / 300.0), false,
                               (j + 0.5) / 300.0) /
                   90000.0;
    return age;
}

TEST(Equilibrium, AgesArePositiveAndFinite) {
    const SpineSampler sampler = sampler_of(solved().healthy);
    for (double x : {-5.0, -2.99, -0.67, 0.0, 1.0, 2.99, 5.0}) {
        double before = 0.0;
        for (double u : {1e-10, 0.01, 0.5, 0.99, 1.0 - 1e-10}) {
            const double age = sampler.age(x, false, u);
            ASSERT_GT(age, 0.0) << x << ", " << u;
            ASSERT_GE(age, before);
            ASSERT_LT(age, 2000.0);
            before = age;
        }
    }
}

TEST(Equilibrium, MeanAgeIsThatOfTheSurvivors) {
    const Model& m = solved().model;
    const double expected =
        reference::mean_age({}, m.spine_size, m.pruning, solved().healthy.loss_factor, 3000.0);
    EXPECT_NEAR(sampled_mean_age(sampler_of(solved().healthy), 0.0, 1.0) / expected, 1.0,
                0.04);  // age bins of 10 %, cut at 1,000 d
}

TEST(Equilibrium, LargeSpinesAreOlder) {
    const SpineSampler sampler = sampler_of(solved().healthy);
    EXPECT_GT(sampled_mean_age(sampler, 0.8, 1.0), 1.3 * sampled_mean_age(sampler, 0.0, 0.2));
}

}  // namespace
}  // namespace respine
