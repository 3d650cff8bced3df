// The whole chain from BDNF to the lagged pool of one neuron as one system of equations, in small explicit
// steps. State: TrkB, internalised share, mTORC1, pool, then the stages of the lag.
#pragma once

#include "kernels/plasticity/signalling.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline Vector signalling(const SignallingParams& p, const SignallingInput& in, double duration, int steps,
                         double bdnf_excess, Vector start) {
    return rk4(std::move(start), duration, steps, [&](const Vector& x) {
        const double T = x[0], I = x[1], M = x[2], P = x[3];
        const double y = in.sensitivity * bdnf_excess + in.partner * (1.0 + bdnf_excess);
        const double trkb = (1.0 - in.trkb_block) * (1.0 - I) * y / (y + p.trkb_half),
                     mtorc1 = (1.0 - in.mtorc1_block) * T;
        Vector slope(4 + kLagStages);
        slope[0] = (trkb - T) / (trkb > T ? p.trkb_on : p.trkb_off);
        slope[1] = T * (1.0 - I) / p.trkb_internalisation - I / p.trkb_recovery;
        slope[2] = (mtorc1 - M) / (mtorc1 > M ? p.mtorc1_on : p.mtorc1_off);
        slope[3] = (M + in.direct) * (1.0 - P) / p.pool_rise - P / p.pool_decay;
        const double k = static_cast<double>(kLagStages) / p.lag;
        for (size_t n = 0; n < kLagStages; ++n) slope[4 + n] = ((n == 0 ? P : x[3 + n]) - x[4 + n]) * k;
        return slope;
    });
}

}  // namespace respine::reference
