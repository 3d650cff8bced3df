// Newborn spines at the equilibrium that a run starts from.

#include "sim/network/spine_walk.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/network/equilibrium.hpp"
#include "sim/network/generate.hpp"
#include "tests/reference/equilibrium.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

PlasticRule rule_with(double share) {
    PlasticRule rule = rule_of(load_model("mouse", ""));
    rule.newborn = {.share = share, .hazard = 0.4, .maturation = 0.15, .protein = 0.0};
    return rule;
}

double integral(const std::vector<double>& density, double cell) {
    double sum = 0.0;
    for (const double d : density) sum += d * cell;
    return sum;
}

TEST(SpineWalk, DensitiesAreThoseThatStepsSettleTo) {
    const PlasticRule rule = rule_with(0.8);
    const reference::SizeGrid grid;
    const SizeDensity got = stationary_sizes(rule, 1.1);
    const auto expected = reference::settled_spines(grid, rule, 1.1, 1500.0);
    double worst = 0.0, peak = 0.0;
    for (size_t i = 0; i < grid.cells; ++i) {
        const size_t at =
            static_cast<size_t>(std::lround((grid.x(i) - got.x[0]) / (got.x[1] - got.x[0]) - 0.5));
        const auto mean = [&](const std::vector<double>& d) { return 0.5 * (d[at] + d[at + 1]); };
        worst = std::max({worst, std::fabs(mean(got.newborn) - expected.newborn[i]),
                          std::fabs(mean(got.density) - expected.newborn[i] - expected.mature[i])});
        peak = std::max(peak, expected.mature[i]);
    }
    EXPECT_LT(worst, 1.5e-3 * peak);
    EXPECT_GT(got.newborn_share, 0.01);
}

TEST(SpineWalk, AsManyAreLostAsAreBorn) {
    const PlasticRule rule = rule_with(1.0);
    const SizeDensity d = stationary_sizes(rule, 1.2);
    const double cell = d.x[1] - d.x[0];
    double lost = 0.0;
    for (size_t i = 0; i < d.x.size(); ++i)
        lost += cell * 1.2 *
                (0.4 * d.newborn[i] + rule.pruning.hazard * std::exp(-rule.pruning.steepness * d.x[i]) *
                                          (d.density[i] - d.newborn[i]));
    EXPECT_NEAR(integral(d.density, cell), 1.0, 1e-12);
    EXPECT_NEAR(integral(d.newborn, cell), d.newborn_share, 1e-12);
    EXPECT_NEAR(lost / d.mean_hazard, 1.0, 1e-6);
    EXPECT_NEAR(d.newborn_share * (1.2 * 0.4 + 0.15) / d.mean_hazard, 1.0, 1e-9)
        << "newborns leave at their rate";
}

TEST(SpineWalk, WithoutNewbornsNoneIs) {
    const PlasticRule rule = rule_with(0.0);
    const SizeDensity d = stationary_sizes(rule, 1.2);
    const SpineSampler sampler(rule, 1.2, d);
    EXPECT_EQ(d.newborn_share, 0.0);
    for (const double x : {-2.0, -0.7, 0.0, 1.0}) EXPECT_FALSE(sampler.newborn(x, 1e-9));
}

TEST(SpineWalk, DrawsTheShareAndTheAgesOfNewborns) {
    const PlasticRule rule = rule_with(1.0);
    const SizeDensity d = stationary_sizes(rule, 1.2);
    const SpineSampler sampler(rule, 1.2, d);
    double newborn = 0.0, age = 0.0, mature_age = 0.0;
    constexpr int kDraws = 400;
    for (int k = 0; k < kDraws; ++k)
        for (int j = 0; j < kDraws; ++j) {
            const double x = sampler.size((k + 0.5) / kDraws), u = (j + 0.5) / kDraws;
            newborn += sampler.newborn(x, u) / static_cast<double>(kDraws * kDraws);
            age += sampler.age(x, true, u) / (kDraws * kDraws);
            mature_age += sampler.age(x, false, u) / (kDraws * kDraws);
        }
    EXPECT_NEAR(newborn / d.newborn_share, 1.0, 0.02);
    EXPECT_NEAR(age * (1.2 * 0.4 + 0.15), 1.0, 0.01);
    EXPECT_GT(mature_age, 20.0 * age);
}

TEST(SpineWalk, CountsOfNewbornAndMatureSpinesHaveTheWantedMean) {
    const Model model = load_model("mouse", "");
    const PlasticRule rule = rule_with(1.0);
    const Condition stress = condition_of(model.bdnf, rule, {1.0, Genotype::kValVal, 0.0});
    const Balance balance = solve_balance(rule, 120.0, stress);
    EXPECT_NEAR(stationary_counts(rule, balance, {}).mean / 120.0, 1.0, 1e-5);
    EXPECT_NEAR(stationary_counts(rule, balance, stress).mean / 120.0, rule.formation.stressed_equilibrium,
                1e-4);
}

// Newborn spines of a run, and all.
std::pair<double, double> counted(const Simulation& sim) {
    const PlasticSynapses& p = sim.network().recurrent();
    double newborn = 0.0, all = 0.0;
    for (size_t i = 0; i < p.live.size(); ++i)
        for (u64 k = p.row_begin[i]; k < p.row_begin[i] + p.live[i]; ++k, all += 1.0)
            newborn += is_newborn(p.log_size[k]);
    return {newborn, all};
}

void expect_rest(const std::string& scenario) {
    Scenario s = test::shrunk(scenario, 1000, 100, 30 * kDay);
    s.start = 0;
    Inputs inputs = load_inputs(s);
    inputs.model.newborn = rule_with(1.0).newborn;
    Simulation sim(std::move(inputs));
    const auto [newborn, all] = counted(sim);
    const PlasticRule rule = rule_of(sim.model());
    const double homeostatic = 1.05,  // about the mean of its factor
        factor = homeostatic * stressed_elimination(rule.pruning, sim.subject().state.severity);
    EXPECT_NEAR(newborn / all / stationary_sizes(rule, factor).newborn_share, 1.0, 0.1) << "at the start";
    double later = 0.0, mean = 0.0, looks = 0.0;
    for (Tick day = 20; day <= 30; ++day, looks += 1.0) {
        test::run_to(sim, day * kDay);
        later += counted(sim).first, mean += counted(sim).second;
    }
    EXPECT_NEAR(mean / looks / all, 1.0, 0.01) << scenario;
    EXPECT_NEAR(later / looks / newborn, 1.0, 4.0 / std::sqrt(newborn)) << scenario;
}

TEST(SpineWalk, StressedNetworkWithNewbornsDoesNotDrift) { expect_rest("mouse-vehicle"); }

TEST(SpineWalk, HealthyNetworkWithNewbornsDoesNotDrift) { expect_rest("mouse-vehicle-healthy"); }

// With share 0 nothing is read from a mark, so the other values of newborns change nothing.
TEST(SpineWalk, ModelWithoutNewbornsHasNone) {
    std::vector<std::vector<u16>> sizes;
    for (const double hazard : {0.1, 5.0}) {
        Inputs inputs = load_inputs(test::shrunk("mouse-ketamine-10mgkg", 200, 60, kDay));
        inputs.model.newborn = {.share = 0.0, .hazard = hazard, .maturation = hazard, .protein = hazard};
        Simulation sim(std::move(inputs));
        test::run_to(sim, kDay);
        sizes.push_back(sim.network().recurrent().log_size);
    }
    EXPECT_EQ(sizes[0], sizes[1]);
}

}  // namespace
}  // namespace respine
