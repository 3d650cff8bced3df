// Regions where stress adds synapses: an equilibrium above the healthy one.
#include <gtest/gtest.h>

#include "sim/io/yaml/model_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/network/generate.hpp"

namespace respine {
namespace {

// A region where stress adds synapses: more formation, less loss, and an equilibrium above the healthy one.
Model gaining() {
    Model model = load_model("mouse", "");
    model.newborn.share = 0.0;
    model.formation.stress = 1.3;
    model.formation.stressed_equilibrium = 1.2;
    model.pruning.stress = 0.8;
    return model;
}

TEST(Equilibrium, StressMayAddSynapses) {
    const Model model = gaining();
    const Condition stress = condition_of(model, {1.0, Genotype::kValVal, 0.0}),
                    half = condition_of(model, {0.5, Genotype::kValVal, 0.0});
    EXPECT_NEAR(stress.formation, 1.3, 1e-12);
    EXPECT_NEAR(stress.elimination, 0.8, 1e-12);
    for (double healthy : {12.0, 120.0, 900.0}) {
        const Balance b = solve_balance(rule_of(model), healthy, stress);
        EXPECT_GT(b.capacity, 1.2 * healthy);
        EXPECT_NEAR(stationary_counts(rule_of(model), b, {}).mean / healthy, 1.0, 1e-4);
        EXPECT_NEAR(stationary_counts(rule_of(model), b, stress).mean / healthy, 1.2, 1e-4);
        const double between = stationary_counts(rule_of(model), b, half).mean / healthy;
        EXPECT_GT(between, 1.02);
        EXPECT_LT(between, 1.18);
    }
}

TEST(Equilibrium, WhatStressCannotGiveIsRefused) {
    Model model = gaining();
    const auto refused = [&] {
        const Condition stress = condition_of(model, {1.0, Genotype::kValVal, 0.0});
        EXPECT_THROW(solve_balance(rule_of(model), 120.0, stress), Error);
    };
    model.formation.stressed_equilibrium = 0.8;  // it adds and shall take
    refused();
    model.formation.stressed_equilibrium = 1.9;  // more than any capacity gives
    refused();
    model.formation.stressed_equilibrium = 1.005;  // as good as healthy: any capacity would do
    refused();
}

TEST(Equilibrium, EliminationStaysAboveZeroUnderAnyStress) {
    Model model = gaining();
    model.pruning.stress = 0.1;
    EXPECT_EQ(condition_of(model, {3.0, Genotype::kValVal, 0.0}).elimination, kLeastStressFactor);
}

}  // namespace
}  // namespace respine
