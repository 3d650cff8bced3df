#include "kernels/plasticity/signalling.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/simd.hpp"

namespace respine {

namespace {

struct Keeps {
    double trkb_on, trkb_off, mtorc1_on, mtorc1_off;
    std::array<double, kLagStages> weight;      // Poisson: the chance of exactly n hops
    std::array<double, kLagStages> from_input;  // the chance that the input held over dt has reached stage n
};

Keeps keeps_over(const SignallingParams& p, double dt) {
    Keeps k{det_exp(-dt / p.trkb_on),
            det_exp(-dt / p.trkb_off),
            det_exp(-dt / p.mtorc1_on),
            det_exp(-dt / p.mtorc1_off),
            {},
            {}};
    const double hops = dt * static_cast<double>(kLagStages) / p.lag;
    double none = det_exp(-hops), left = 1.0;
    for (size_t n = 0; n < kLagStages; ++n) {
        k.weight[n] = none;
        none *= hops / static_cast<double>(n + 1);
        k.from_input[n] = std::max(0.0, left -= k.weight[n]);  // never below 0 by cancellation
    }
    return k;
}

constexpr size_t kPart = 64;  // neurons whose values between the stages stay in the first-level cache

// Moves the pool that was held over the step through the stages of the lag, for n neurons.
RESPINE_INLINE void delay(const Keeps& keep, const double* held_pool, size_t from, size_t n,
                          const SignallingState& state) {
    double delayed[kLagStages][kPart];
    for (size_t stage = 0; stage < kLagStages; ++stage)
        for (size_t l = 0; l < n; ++l) delayed[stage][l] = keep.from_input[stage] * held_pool[l];
    for (size_t stage = 0; stage < kLagStages; ++stage)
        for (size_t m = 0; m <= stage; ++m) {
            const float* const before = state.lag[stage - m].data() + from;
            for (size_t l = 0; l < n; ++l)
                delayed[stage][l] += keep.weight[m] * static_cast<double>(before[l]);
        }
    for (size_t stage = 0; stage < kLagStages; ++stage)
        for (size_t l = 0; l < n; ++l) state.lag[stage][from + l] = static_cast<float>(delayed[stage][l]);
}

RESPINE_CLONES void advance_part(const SignallingParams& p, const SignallingInput& in, const Keeps& keep,
                                 double dt, size_t first, size_t last, const float* bdnf_excess,
                                 const SignallingState& state) {
    double held_pool[kPart];
    float *const trkb_of = state.trkb.data(), *const internalised_of = state.internalised.data(),
                 *const mtorc1_of = state.mtorc1.data(), *const pool_of = state.pool.data();
    for (size_t from = first; from < last; from += kPart) {
        const size_t n = std::min(kPart, last - from);
#pragma omp simd
        for (size_t l = 0; l < n; ++l) {
            const size_t i = from + l;
            const double bdnf = bdnf_excess[i], y = in.sensitivity * bdnf + in.partner * (1.0 + bdnf);
            const double internalised = internalised_of[i], trkb = trkb_of[i], mtorc1 = mtorc1_of[i],
                         pool = pool_of[i];

            const double trkb_settled = (1.0 - in.trkb_block) * (1.0 - internalised) * y / (y + p.trkb_half);
            const double new_trkb =
                trkb_settled + (trkb - trkb_settled) * (trkb_settled > trkb ? keep.trkb_on : keep.trkb_off);
            const double held_trkb = 0.5 * (trkb + new_trkb);
            const double internalised_rate = 1.0 / p.trkb_recovery + held_trkb / p.trkb_internalisation;
            const double internalised_settled = held_trkb / (p.trkb_internalisation * internalised_rate);
            const double mtorc1_settled = (1.0 - in.mtorc1_block) * held_trkb;
            const double new_mtorc1 =
                mtorc1_settled +
                (mtorc1 - mtorc1_settled) * (mtorc1_settled > mtorc1 ? keep.mtorc1_on : keep.mtorc1_off);
            const double made = 0.5 * (mtorc1 + new_mtorc1) + in.direct;
            const double pool_rate = made / p.pool_rise + 1.0 / p.pool_decay;
            const double pool_settled = made / (p.pool_rise * pool_rate);
            const double new_pool = pool_settled + (pool - pool_settled) * det_exp(-dt * pool_rate);

            trkb_of[i] = static_cast<float>(new_trkb);
            internalised_of[i] =
                static_cast<float>(internalised_settled +
                                   (internalised - internalised_settled) * det_exp(-dt * internalised_rate));
            mtorc1_of[i] = static_cast<float>(new_mtorc1);
            pool_of[i] = static_cast<float>(new_pool);
            held_pool[l] = 0.5 * (pool + new_pool);
        }
        delay(keep, held_pool, from, n, state);
    }
}

}  // namespace

void advance_signalling(const SignallingParams& p, const SignallingInput& in, double dt,
                        std::span<const float> bdnf_excess, const SignallingState& state) {
    const Keeps keep = keeps_over(p, dt);
    const size_t n = bdnf_excess.size();
    constexpr size_t kNanoseconds = 30;  // a neuron
    for_tasks(0, block_count(n), worth_threads_for(kNanoseconds * n), [&](size_t b) {
        advance_part(p, in, keep, dt, b * kBlock, std::min(n, (b + 1) * kBlock), bdnf_excess.data(), state);
    });
}

}  // namespace respine
