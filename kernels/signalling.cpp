#include "kernels/signalling.hpp"

#include <algorithm>

#include "kernels/elementary.hpp"

namespace respine {

void advance_signalling(const SignallingParams& p, const SignallingInput& in, double dt, std::span<const float> bdnf_excess,
                        const SignallingState& state) {
    const double trkb_keep_on = det_exp(-dt / p.trkb_on), trkb_keep_off = det_exp(-dt / p.trkb_off);
    const double mtorc1_keep_on = det_exp(-dt / p.mtorc1_on), mtorc1_keep_off = det_exp(-dt / p.mtorc1_off);

    const double hops = dt * static_cast<double>(kLagStages) / p.lag;
    std::array<double, kLagStages> weight;  // Poisson: the chance of exactly n hops
    double none = det_exp(-hops), left = 1.0;
    for (size_t n = 0; n < kLagStages; ++n) {
        weight[n] = none;
        none *= hops / static_cast<double>(n + 1);
    }
    std::array<double, kLagStages> from_input;  // the chance that the input held over dt has reached stage n
    for (size_t n = 0; n < kLagStages; ++n) from_input[n] = std::max(0.0, left -= weight[n]);  // never below 0 by cancellation

#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < bdnf_excess.size(); ++i) {
        const double y = in.sensitivity * in.beta * bdnf_excess[i];
        const double internalised = state.internalised[i], trkb = state.trkb[i], mtorc1 = state.mtorc1[i], pool = state.pool[i];

        const double trkb_settled = (1.0 - in.trkb_block) * (1.0 - internalised) * y / (y + p.trkb_half);
        const double new_trkb = trkb_settled + (trkb - trkb_settled) * (trkb_settled > trkb ? trkb_keep_on : trkb_keep_off);
        const double held_trkb = 0.5 * (trkb + new_trkb);
        const double internalised_rate = 1.0 / p.trkb_recovery + held_trkb / p.trkb_internalisation;
        const double internalised_settled = held_trkb / (p.trkb_internalisation * internalised_rate);
        const double mtorc1_settled = (1.0 - in.mtorc1_block) * held_trkb;
        const double new_mtorc1 = mtorc1_settled + (mtorc1 - mtorc1_settled) * (mtorc1_settled > mtorc1 ? mtorc1_keep_on : mtorc1_keep_off);
        const double held_mtorc1 = 0.5 * (mtorc1 + new_mtorc1);
        const double pool_rate = held_mtorc1 / p.pool_rise + 1.0 / p.pool_decay;
        const double pool_settled = held_mtorc1 / (p.pool_rise * pool_rate);
        const double new_pool = pool_settled + (pool - pool_settled) * det_exp(-dt * pool_rate);

        state.trkb[i] = static_cast<float>(new_trkb);
        state.internalised[i] = static_cast<float>(internalised_settled + (internalised - internalised_settled) * det_exp(-dt * internalised_rate));
        state.mtorc1[i] = static_cast<float>(new_mtorc1);
        state.pool[i] = static_cast<float>(new_pool);

        std::array<double, kLagStages> before;
        for (size_t n = 0; n < kLagStages; ++n) before[n] = state.lag[n][i];
        for (size_t n = 0; n < kLagStages; ++n) {
            double v = from_input[n] * 0.5 * (pool + new_pool);
            for (size_t m = 0; m <= n; ++m) v += weight[m] * before[n - m];
            state.lag[n][i] = static_cast<float>(v);
        }
    }
}

}  // namespace respine
