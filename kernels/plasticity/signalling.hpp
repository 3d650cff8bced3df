// From BDNF to synaptic protein: TrkB, its surface number, mTORC1, the protein pool, and the lag to visible
// spines.
//
//   TrkB     T' = (T_inf - T)/tau
//            T_inf = (1 - block) (1 - I) y/(y + K)
//            y = sensitivity e + p (1 + e)
//   lost     I' = T (1 - I)/tau_i - I/tau_r
//   mTORC1   M' = (M_inf - M)/tau
//            M_inf = (1 - block) T
//   pool     P' = (M + d) (1 - P)/tau_rise - P/tau_decay
//   lag      L_1' = (P - L_1) k
//            L_n' = (L_(n-1) - L_n) k
//
//   tau   of TrkB and mTORC1: `on` when rising, `off` when falling [h]
//   p     what a partner that binds TrkB makes of the BDNF around it, basal BDNF included [1]
//   d     protein synthesis without mTORC1 (homeostatic scaling, a rival's link) [1]
//   I     share internalised; kept instead of the surface share, whose changes float would lose
//   k     stages / lag, with kLagStages stages [1/h]
//
// All states lie in [0, 1] and are 0 without drug. Each is advanced exactly with its input held over dt [h]
// at the mean of its values before and after the step; the lag chain exactly as a whole (Poisson weights).
// Sources: TrkB and mTORC1 pulse Li et al. 2010, 10.1126/science.1190287;
// lag Moda-Sava et al. 2019, 10.1126/science.aat8078. Values: configs/models/*.yaml.
#pragma once

#include <array>
#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr size_t kLagStages = 10;  // fewer let spines appear before 6 h

struct SignallingParams {
    double trkb_on, trkb_off;                    // [h]
    double trkb_half;                            // K [fold of excess BDNF]
    double trkb_internalisation, trkb_recovery;  // tau_i, tau_r [h]
    double trkb_antidepressant;                  // gain of sensitivity under a settled antidepressant [1]
    double trkb_partner;                         // p of a partner that binds fully [1]
    double mtorc1_on, mtorc1_off;                // [h]
    double pool_rise, pool_decay;                // [h]
    double lag;                                  // [h]
};
inline constexpr Parameter<SignallingParams> kSignallingParameters[] = {
    {"trkb_on", "h", &SignallingParams::trkb_on, 0.001, 24, "time constant of TrkB activation"},
    {"trkb_off", "h", &SignallingParams::trkb_off, 0.001, 48, "time constant of TrkB deactivation"},
    {"trkb_half", "1", &SignallingParams::trkb_half, 0.001, 100,
     "excess BDNF of half-maximal TrkB activation"},
    {"trkb_internalisation", "h", &SignallingParams::trkb_internalisation, 0.01, 1000,
     "loss of surface TrkB at full activation"},
    {"trkb_recovery", "h", &SignallingParams::trkb_recovery, 0.01, 1000, "return of surface TrkB"},
    {"trkb_antidepressant", "1", &SignallingParams::trkb_antidepressant, 0, 10,
     "gain of TrkB sensitivity under a settled antidepressant"},
    {"trkb_partner", "1", &SignallingParams::trkb_partner, 0, 10,
     "TrkB drive per fold of BDNF where a partner binds it fully"},
    {"mtorc1_on", "h", &SignallingParams::mtorc1_on, 0.001, 24, "time constant of mTORC1 activation"},
    {"mtorc1_off", "h", &SignallingParams::mtorc1_off, 0.001, 48, "time constant of mTORC1 deactivation"},
    {"pool_rise", "h", &SignallingParams::pool_rise, 0.01, 100,
     "time constant of the synaptic-protein pool at full mTORC1"},
    {"pool_decay", "h", &SignallingParams::pool_decay, 1, 1000, "decay of the synaptic-protein pool"},
    {"lag", "h", &SignallingParams::lag, 0.01, 100, "mean lag from protein to a visible spine"},
};

struct SignallingInput {
    double sensitivity;   // of TrkB [1]
    double trkb_block;    // [1]
    double mtorc1_block;  // [1]
    double partner;       // p [1]
    double direct;        // d [1]
};

struct SignallingState {
    std::span<float> trkb, internalised, mtorc1, pool;
    std::array<std::span<float>, kLagStages> lag;
};

void advance_signalling(const SignallingParams& p, const SignallingInput& in, double dt,
                        std::span<const float> bdnf_excess, const SignallingState& state);

}  // namespace respine
