#include "kernels/activity/rates.hpp"

#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/rates.hpp"
#include "tests/reference/rk4.hpp"

namespace respine {
namespace {

RateGroup drug_free() {
    return {.gain = 40.0,
            .time_constant = 0.02,
            .nmda_share = 0.5,
            .block_ab = 0.0,
            .block_cd = 0.0,
            .ampa_block = 0.0,
            .receptors = 1.0,
            .drive = 1.0};
}

struct Inputs {
    std::vector<float> recurrent, potentiation, excitation, external, inhibition, slow_share;
    RateInput view() const { return {recurrent, potentiation, excitation, external, inhibition, slow_share}; }
};

Inputs random_inputs(size_t n, u64 seed) {
    return {test::random_floats(n, 0.0, 2.0, seed),     test::random_floats(n, 1.0, 1.6, seed + 1),
            test::random_floats(n, 0.0, 1.0, seed + 2), test::random_floats(n, -0.5, 1.0, seed + 3),
            test::random_floats(n, 0.0, 2.0, seed + 4), test::random_floats(n, 0.0, 1.0, seed + 5)};
}

float one_rate(const RateGroup& g, float recurrent, float potentiation, float excitation, float external,
               float inhibition, float slow) {
    const Inputs in = {{recurrent}, {potentiation}, {excitation}, {external}, {inhibition}, {slow}};
    float rate = -1.0F;
    settled_rates(g, in.view(), 0, 1, std::span(&rate, 1));
    return rate;
}

TEST(Rates, SquareOfTheInputAboveZero) {
    EXPECT_FLOAT_EQ(one_rate(drug_free(), 0.5F, 1.0F, 0.25F, 0.25F, 0.5F, 0.3F), 40.0F * 0.25F);
    EXPECT_EQ(one_rate(drug_free(), 0.5F, 1.0F, 0.25F, 0.25F, 1.0F, 0.3F), 0.0F);
    EXPECT_EQ(one_rate(drug_free(), 0.5F, 1.0F, 0.25F, 0.25F, 3.0F, 0.3F), 0.0F)
        << "not the square of a negative input";
}

TEST(Rates, InputForRateIsTheInverse) {
    for (float r : {0.0F, 0.7F, 5.0F, 60.0F})
        EXPECT_NEAR(one_rate(drug_free(), 0.0F, 1.0F, 0.0F,
                             static_cast<float>(input_for_rate(40.0, static_cast<double>(r))), 0.0F, 0.0F),
                    r, 1e-5F * r);
}

TEST(Rates, NmdaBlockTakesItsShareOfTheDrive) {
    RateGroup g = drug_free();
    g.nmda_share = 0.6;
    g.block_ab = 0.2;
    g.block_cd = 0.8;
    EXPECT_DOUBLE_EQ(neuron_block(g, 0.25F), 0.35);
    EXPECT_NEAR(one_rate(g, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.25F), 40.0 * std::pow(0.4 + 0.6 * 0.65, 2), 1e-5);
}

TEST(Rates, FullBlockOfBothReceptorsSilencesEveryNeuron) {
    RateGroup g = drug_free();
    g.block_ab = g.block_cd = g.ampa_block = 1.0;
    EXPECT_EQ(one_rate(g, 2.0F, 1.5F, 1.0F, 1.0F, 0.0F, 0.5F), 0.0F);
}

TEST(Rates, InhibitoryGroupsHaveNoRecurrentInput) {
    const Inputs in = {{}, {}, {0.5F}, {0.5F}, {0.5F}, {0.0F}};
    float rate = 0.0F;
    settled_rates(drug_free(), in.view(), 0, 1, std::span(&rate, 1));
    EXPECT_FLOAT_EQ(rate, 10.0F);
}

TEST(Rates, ExplicitStepApproachesExponentially) {
    const std::vector<float> settled = {10.0F};
    std::vector<float> rate = {2.0F}, halves = {2.0F};
    advance_rates(drug_free(), settled, 0.02, 0, 1, rate);
    EXPECT_NEAR(rate[0], 10.0 - 8.0 * std::exp(-1.0), 1e-6);
    for (int n = 0; n < 2; ++n) advance_rates(drug_free(), settled, 0.01, 0, 1, halves);
    EXPECT_NEAR(halves[0], rate[0], 2e-6);
    advance_rates(drug_free(), settled, 10.0, 0, 1, rate);
    EXPECT_EQ(rate[0], 10.0F);
}

TEST(Rates, AddedReceptorsMakeUpForBlockedOnes) {
    RateGroup g = drug_free();
    const float baseline = one_rate(g, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F);
    g.receptors = 1.25;
    EXPECT_GT(one_rate(g, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F), baseline) << "without drug they are too many";
    g.block_ab = 0.2;
    EXPECT_FLOAT_EQ(one_rate(g, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F), baseline);
}

TEST(Rates, AgreesWithNaiveSerial) {
    const size_t n = 1500;
    const Inputs in = random_inputs(n, 20);
    const RateGroup g{.gain = 37.0,
                      .time_constant = 0.02,
                      .nmda_share = 0.53,
                      .block_ab = 0.21,
                      .block_cd = 0.6,
                      .ampa_block = 0.1,
                      .receptors = 1.2,
                      .drive = 0.8};
    std::vector<float> settled(n, -1.0F);
    settled_rates(g, in.view(), 100, n, settled);
    size_t silent = 0;
    for (size_t i = 0; i < n; ++i) {
        const reference::NeuronInput own{in.recurrent[i], in.potentiation[i], in.excitation[i],
                                         in.external[i],  in.inhibition[i],   in.slow_share[i]};
        const double expected =
            i < 100 ? -1.0 : reference::settled_rate(g, own);  // rows before the range stay untouched
        ASSERT_NEAR(settled[i], expected, 1e-6 * std::fabs(expected)) << i;
        silent += expected == 0.0;
    }
    EXPECT_GT(silent, 100U);  // both branches are met
    EXPECT_LT(silent, 1300U);
}

float one_factor(double matching, float potentiation, float recurrent, float healthy, float external) {
    float factor = -1.0F;
    const std::vector<float> a = {potentiation}, r = {recurrent}, h = {healthy}, e = {external};
    match_inhibition(matching, {a, r, h, e}, std::span(&factor, 1));
    return factor;
}

TEST(MatchedInhibition, KeepsTheRatioOfExcitationToInhibition) {
    const float potentiation = 1.2F, recurrent = 36.0F, healthy = 40.0F, external = 38.0F, inhibition = 73.0F;
    const float factor = one_factor(1.0, potentiation, recurrent, healthy, external);
    EXPECT_NEAR((potentiation * recurrent + external) / (factor * inhibition),
                (healthy + external) / inhibition, 1e-6);
    EXPECT_NEAR(one_factor(0.5, potentiation, recurrent, healthy, external), 0.5F + 0.5F * factor, 1e-6);
}

TEST(MatchedInhibition, IsOneWithoutAChangeAndNeverNegative) {
    EXPECT_EQ(one_factor(1.0, 1.0F, 40.0F, 40.0F, 38.0F), 1.0F);
    EXPECT_EQ(one_factor(0.0, 1.25F, 30.0F, 40.0F, 38.0F), 1.0F);
    EXPECT_EQ(one_factor(1.0, 1.0F, 0.0F, 40.0F, -10.0F), 0.0F);
    EXPECT_EQ(one_factor(1.0, 1.0F, 0.0F, 0.0F, 0.0F), 1.0F) << "no excitation at all";
}

TEST(MatchedInhibition, AgreesWithNaiveSerialForAnyThreadCount) {
    const size_t n = 3000;
    const std::vector<float> a = test::random_floats(n, 1.0, 1.6, 40),
                             r = test::random_floats(n, 0.0, 50.0, 41),
                             h = test::random_floats(n, 1.0, 50.0, 42),
                             e = test::random_floats(n, 0.0, 50.0, 43);
    std::vector<float> factor(n);
    match_inhibition(0.7, {a, r, h, e}, factor);
    for (size_t i = 0; i < n; ++i)
        ASSERT_NEAR(factor[i], reference::inhibition_factor(0.7, a[i], r[i], h[i], e[i]), 1e-6 * factor[i])
            << i;
    test::expect_same_bits_for_any_thread_count([&] {
        std::vector<float> out(n);
        match_inhibition(0.7, {a, r, h, e}, out);
        return out;
    });
}

TEST(Rates, SameBitsForAnyThreadCount) {
    const Inputs in = random_inputs(4000, 30);
    RateGroup g = drug_free();
    g.block_ab = 0.3;
    test::expect_same_bits_for_any_thread_count([&] {
        std::vector<float> settled(4000), rate(4000, 1.0F);
        settled_rates(g, in.view(), 0, 4000, settled);
        advance_rates(g, settled, 0.003, 0, 4000, rate);
        return rate;
    });
}

}  // namespace
}  // namespace respine
