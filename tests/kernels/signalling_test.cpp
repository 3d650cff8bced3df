#include "kernels/plasticity/signalling.hpp"

#include <algorithm>
#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/signalling.hpp"

namespace respine {
namespace {

constexpr double kNever = 1e15;  // [h]

SignallingParams signalling_params() {
    return {.trkb_on = 0.1,
            .trkb_off = 0.75,
            .trkb_half = 0.3,
            .trkb_internalisation = 3.6,
            .trkb_recovery = 12.0,
            .trkb_antidepressant = 0.5,
            .trkb_partner = 0.2,
            .mtorc1_on = 0.4,
            .mtorc1_off = 0.8,
            .pool_rise = 1.5,
            .pool_decay = 60.0,
            .lag = 9.0};
}

constexpr SignallingInput kFree{
    .sensitivity = 1.0, .trkb_block = 0.0, .mtorc1_block = 0.0, .partner = 0.0, .direct = 0.0};

struct Chain {
    std::vector<float> trkb, internalised, mtorc1, pool;
    std::array<std::vector<float>, kLagStages> lag;

    explicit Chain(size_t n) : trkb(n, 0.0F), internalised(n, 0.0F), mtorc1(n, 0.0F), pool(n, 0.0F) {
        for (auto& stage : lag) stage.assign(n, 0.0F);
    }
    void advance(const SignallingParams& p, const SignallingInput& in, double dt,
                 const std::vector<float>& bdnf) {
        SignallingState state{trkb, internalised, mtorc1, pool, {}};
        for (size_t k = 0; k < kLagStages; ++k) state.lag[k] = lag[k];
        advance_signalling(p, in, dt, bdnf, state);
    }
    std::vector<float> all() const {
        std::vector<float> flat;
        for (const auto* v : {&trkb, &internalised, &mtorc1, &pool})
            flat.insert(flat.end(), v->begin(), v->end());
        for (const auto& stage : lag) flat.insert(flat.end(), stage.begin(), stage.end());
        return flat;
    }
};

TEST(Signalling, NothingRisesWithoutBdnf) {
    Chain c(3);
    for (int n = 0; n < 200; ++n) c.advance(signalling_params(), kFree, 0.37, {0.0F, 0.0F, 0.0F});
    Chain still(3);
    EXPECT_EQ(c.all(), still.all());
}

TEST(Signalling, TrkbIsHalfActiveAtItsHalfPoint) {
    SignallingParams p = signalling_params();
    p.trkb_internalisation = kNever;
    Chain c(2);
    c.advance(p, kFree, 100.0, {0.3F, 0.1F});
    EXPECT_NEAR(c.trkb[0], 0.5, 1e-6);
    EXPECT_NEAR(c.trkb[1], 0.25, 1e-6);
}

TEST(Signalling, SensitivityScalesTheBdnf) {
    Chain plain(1), scaled(1);
    plain.advance(signalling_params(), kFree, 0.2, {0.75F});
    SignallingInput sensitive = kFree;
    sensitive.sensitivity = 1.5;
    scaled.advance(signalling_params(), sensitive, 0.2, {0.5F});
    EXPECT_NEAR(scaled.trkb[0], plain.trkb[0], 1e-7);
}

TEST(Signalling, TrkbRisesFastAndFallsSlowly) {
    Chain c(1);
    c.advance(signalling_params(), kFree, 0.05, {0.3F});
    EXPECT_NEAR(c.trkb[0], 0.5 * (1.0 - std::exp(-0.5)), 1e-7);
    c.trkb[0] = 0.4F;
    c.advance(signalling_params(), kFree, 0.3, {0.0F});
    EXPECT_NEAR(c.trkb[0], 0.4 * std::exp(-0.4), 1e-7);
}

TEST(Signalling, Mtorc1RisesAndFallsTowardsTrkb) {
    SignallingParams p = signalling_params();
    p.trkb_off = kNever;  // TrkB is held
    Chain c(1);
    c.trkb[0] = 0.8F;
    c.advance(p, kFree, 0.2, {0.0F});
    EXPECT_NEAR(c.mtorc1[0], 0.8 * (1.0 - std::exp(-0.5)), 1e-7);
    c.trkb[0] = 0.0F;
    c.mtorc1[0] = 0.6F;
    c.advance(p, kFree, 0.4, {0.0F});
    EXPECT_NEAR(c.mtorc1[0], 0.6 * std::exp(-0.5), 1e-7);
}

TEST(Signalling, SurfaceSettlesWhereReturnMeetsLoss) {
    SignallingParams p = signalling_params();
    p.trkb_off = kNever;
    Chain c(1);
    c.trkb[0] = 0.6F;
    c.advance(p, kFree, 1e4, {0.0F});
    EXPECT_NEAR(c.internalised[0], 1.0 - 1.0 / (1.0 + 12.0 * 0.6 / 3.6), 1e-6);
}

TEST(Signalling, PoolSettlesWhereSynthesisMeetsDecay) {
    SignallingParams p = signalling_params();
    p.trkb_off = p.mtorc1_off = kNever;
    Chain c(1);
    c.trkb[0] = c.mtorc1[0] = 0.5F;
    c.advance(p, kFree, 1.0, {0.0F});
    const double rate = 0.5 / 1.5 + 1.0 / 60.0, settled = 0.5 / 1.5 / rate;
    EXPECT_NEAR(c.pool[0], settled * (1.0 - std::exp(-rate)), 1e-6);
    c.advance(p, kFree, 1e4, {0.0F});
    EXPECT_NEAR(c.pool[0], settled, 1e-6);
}

TEST(Signalling, APartnerOfTrkbNeedsNoMoreBdnfThanThereIs) {
    SignallingInput bound = kFree;
    bound.partner = 0.3;
    Chain alone(1), blocked(1);
    alone.advance(signalling_params(), bound, 0.2, {0.0F});
    EXPECT_GT(alone.trkb[0], 0.1F);
    bound.trkb_block = 1.0;
    blocked.advance(signalling_params(), bound, 0.2, {0.0F});
    EXPECT_EQ(blocked.trkb[0], 0.0F);
}

TEST(Signalling, ProteinMadeWithoutMtorc1NeedsNoBdnf) {
    SignallingInput scaling = kFree;
    scaling.mtorc1_block = 1.0, scaling.direct = 0.5;
    Chain c(1);
    c.advance(signalling_params(), scaling, 1.0, {0.0F});
    EXPECT_EQ(c.mtorc1[0], 0.0F);
    EXPECT_NEAR(c.pool[0], 0.5 / 1.5 / (0.5 / 1.5 + 1.0 / 60.0) * (1.0 - std::exp(-(0.5 / 1.5 + 1.0 / 60.0))),
                1e-6);
}

TEST(Signalling, BlocksCutTheChain) {
    Chain trkb(1), mtorc1(1), half(1), free(1);
    for (int n = 0; n < 20; ++n) {
        trkb.advance(signalling_params(), {1.0, 1.0, 0.0, 0.0, 0.0}, 0.1, {3.0F});
        mtorc1.advance(signalling_params(), {1.0, 0.0, 1.0, 0.0, 0.0}, 0.1, {3.0F});
        half.advance(signalling_params(), {1.0, 0.0, 0.5, 0.0, 0.0}, 0.1, {3.0F});
        free.advance(signalling_params(), kFree, 0.1, {3.0F});
    }
    EXPECT_EQ(trkb.all(), Chain(1).all());
    EXPECT_EQ(mtorc1.trkb, free.trkb);
    EXPECT_EQ(mtorc1.mtorc1[0], 0.0F);
    EXPECT_EQ(mtorc1.pool[0], 0.0F);
    EXPECT_NEAR(half.mtorc1[0], 0.5 * static_cast<double>(free.mtorc1[0]), 1e-6);
    EXPECT_GT(free.pool[0], 0.2F);
}

// A pool that neither grows nor decays, so the lag chain alone moves.
SignallingParams held_pool() {
    SignallingParams p = signalling_params();
    p.pool_decay = kNever;
    return p;
}

double erlang_cdf(double t, double k) {
    double term = std::exp(-k * t), left = 1.0;
    for (int n = 0; n < static_cast<int>(kLagStages); ++n) {
        left -= term;
        term *= k * t / (n + 1);
    }
    return left;
}

TEST(Signalling, LagIsAnErlangLaw) {
    for (double t : {0.5, 3.0, 9.0, 15.0, 40.0}) {
        Chain c(1);
        c.pool[0] = 0.5F;
        c.advance(held_pool(), kFree, t, {0.0F});
        EXPECT_NEAR(c.lag.back()[0], 0.5 * erlang_cdf(t, 10.0 / 9.0), 1e-7) << t;
        EXPECT_NEAR(c.lag.front()[0], 0.5 * (1.0 - std::exp(-t * 10.0 / 9.0)), 1e-7) << t;
    }
}

TEST(Signalling, MeanOfTheStepResponseIsTheLag) {
    Chain c(1);
    c.pool[0] = 0.5F;
    double mean = 0.0, square = 0.0;  // of the arrival time: integrals of the share that has not arrived
    const double dt = 0.05;
    for (int n = 0; n < 1000; ++n) {
        const double before = 1.0 - 2.0 * static_cast<double>(c.lag.back()[0]);
        c.advance(held_pool(), kFree, dt, {0.0F});
        const double waiting = 0.5 * (before + 1.0 - 2.0 * static_cast<double>(c.lag.back()[0]));
        mean += waiting * dt;
        square += waiting * dt * 2.0 * (n + 0.5) * dt;
    }
    EXPECT_NEAR(mean, 9.0, 1e-3);
    EXPECT_NEAR(square - mean * mean, 81.0 / 10.0, 0.01);
}

TEST(Signalling, TwoHalfStepsOfTheLagAreOneStep) {
    Chain one(1), two(1);
    one.pool[0] = two.pool[0] = 0.5F;
    for (size_t k = 0; k < kLagStages; ++k)
        one.lag[k][0] = two.lag[k][0] = 0.05F * static_cast<float>((k * 7) % 10);
    one.advance(held_pool(), kFree, 1.6, {0.0F});
    for (int n = 0; n < 2; ++n) two.advance(held_pool(), kFree, 0.8, {0.0F});
    test::expect_close(two.all(), one.all(), 1e-6);
}

TEST(Signalling, StatesStayBetweenZeroAndOne) {
    for (double dt : {1e-4, 0.01, 0.3, 5.0, 200.0}) {
        Chain c(4);
        for (int n = 0; n < 50; ++n) c.advance(signalling_params(), kFree, dt, {1e-6F, 0.1F, 5.0F, 1e6F});
        for (float v : c.all()) {
            ASSERT_GE(v, 0.0F) << "dt " << dt;
            ASSERT_LE(v, 1.0F) << "dt " << dt;
        }
    }
}

// Starts anywhere, with rising and falling neurons.
Chain random_chain(size_t n, u64 seed) {
    Chain c(n);
    c.trkb = test::random_floats(n, 0.0, 0.8, seed);
    c.internalised = test::random_floats(n, 0.0, 0.7, seed + 1);
    c.mtorc1 = test::random_floats(n, 0.0, 0.8, seed + 2);
    c.pool = test::random_floats(n, 0.0, 0.9, seed + 3);
    for (size_t k = 0; k < kLagStages; ++k) c.lag[k] = test::random_floats(n, 0.0, 0.9, seed + 4 + k);
    return c;
}

// Largest deviation from the small-step truth after `hours` in steps of dt.
double worst_error(double hours, int steps) {
    const size_t n = 40;
    Chain c = random_chain(n, 50);
    const Chain start = c;
    const auto bdnf = test::random_floats(n, 0.0, 1.0, 70);
    const SignallingInput in{
        .sensitivity = 1.2, .trkb_block = 0.1, .mtorc1_block = 0.2, .partner = 0.05, .direct = 0.1};
    for (int k = 0; k < steps; ++k) c.advance(signalling_params(), in, hours / steps, bdnf);
    double worst = 0.0;
    for (size_t i = 0; i < n; ++i) {
        reference::Vector x = {start.trkb[i], start.internalised[i], start.mtorc1[i], start.pool[i]};
        for (const auto& stage : start.lag) x.push_back(stage[i]);
        x = reference::signalling(signalling_params(), in, hours, 2000, bdnf[i], x);
        const float got[] = {c.trkb[i], c.internalised[i], c.mtorc1[i], c.pool[i]};
        for (size_t k = 0; k < 4; ++k) worst = std::max(worst, std::fabs(static_cast<double>(got[k]) - x[k]));
        for (size_t k = 0; k < kLagStages; ++k)
            worst = std::max(worst, std::fabs(static_cast<double>(c.lag[k][i]) - x[4 + k]));
    }
    return worst;
}

TEST(Signalling, AgreesWithSmallStepsAndConverges) {
    const double coarse = worst_error(2.0, 25), fine = worst_error(2.0, 100);
    EXPECT_LT(coarse, 0.05);
    EXPECT_LT(fine, coarse / 3.0);  // the links are coupled step by step: first order
    EXPECT_LT(worst_error(2.0, 2000), 1e-3);
}

TEST(Signalling, SameBitsForAnyThreadCount) {
    const auto bdnf = test::random_floats(3000, 0.0, 2.0, 80);
    test::expect_same_bits_for_any_thread_count([&] {
        Chain c = random_chain(3000, 90);
        for (int n = 0; n < 3; ++n) c.advance(signalling_params(), kFree, 0.1, bdnf);
        return c.all();
    });
}

}  // namespace
}  // namespace respine
