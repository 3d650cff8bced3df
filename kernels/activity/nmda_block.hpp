// Open-channel block of the NMDA receptor by competing drugs, by subunit, then by cell type.
//
//   u_ks = (C_k / IC50_ks)^h_k
//   b_ks(inf) = u_ks / (1 + sum_k u_ks)
//   db_ks/dt = (kon_k C_k + koff_k) (b_ks(inf) - b_ks)
//   B_t = sum_s f_ts sum_k b_ks
//   B_rest = sum_s f_s sum_k v_ks / (1 + sum_k v_ks)
//   IC50 = IC50_held (1 + (1 - T_k) E)
//
//   C           unbound brain concentration [uM]
//   IC50        [uM]
//   h           Hill slope [1]
//   kon, koff   [1/(uM s)], [1/s]
//   f           receptor mix [1]
//   T           trapping: share of closing channels that keep the drug inside [1]
//   E           escape: how much more than under the agonist that is always there in a measurement an
//               untrapped drug leaves a channel that is closed between events; less for receptors in use
//               than for those at rest, which only spontaneous release opens [1]
//   v           u of the receptors at rest
//
// Over dt the settled level moves linearly from its value before to its value after, and the step is exact
// for that. koff/kon is about twice the IC50, so IC50 sets the level and kon, koff only the speed.
// Magnesium at the open channel: g = 1/(1 + [Mg]/3.57 exp(-0.062 V)); IC50 moves linearly in 1/g between its
// Mg-free value and the one that was measured in 1 mM at a known potential. A cell type that sits at a more
// depolarised V keeps less magnesium in its channels, so the same drug blocks it at a lower concentration.
// Sources: Gilling et al. 2009 (kinetics), Kotermanski & Johnson 2009 (IC50), Jahr & Stevens 1990
// (magnesium). Values: configs/drugs/*.yaml, configs/models/*.yaml.
#pragma once

#include <array>
#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr size_t kSubunits = 4;
inline constexpr std::array<std::string_view, kSubunits> kSubunitNames = {"GluN2A", "GluN2B", "GluN2C",
                                                                          "GluN2D"};

using SubunitValues = std::array<double, kSubunits>;

struct NmdaBlocker {
    SubunitValues ic50;  // [uM] at the magnesium of the run and the potential of the cell type
    double hill;         // [1]
    double kon, koff;    // [1/(uM s)], [1/s]
    double trapping;     // T [1]
};

struct NmdaParams {
    double reference_potential;  // [mV] at which the IC50 in 1 mM magnesium were measured
    double mix_spread;           // [1] log-SD over neurons of the GluN2C + GluN2D share
    double escape_in_use;        // E of receptors in use [1]
    double escape_at_rest;       // E of receptors at rest [1]
};
inline constexpr Parameter<NmdaParams> kNmdaParameters[] = {
    {"reference_potential", "mV", &NmdaParams::reference_potential, -100, 0,
     "membrane potential at which the IC50 in 1 mM magnesium were measured"},
    {"mix_spread", "1", &NmdaParams::mix_spread, 0, 1,
     "log-SD over neurons of the GluN2C + GluN2D share of the receptor mix"},
    {"escape_in_use", "1", &NmdaParams::escape_in_use, 0, 10000,
     "rise of the IC50 of an untrapped blocker at receptors in use, over that under a steady agonist"},
    {"escape_at_rest", "1", &NmdaParams::escape_at_rest, 0, 10000,
     "the same at receptors that only spontaneous release opens"},
};

// Open fraction left by magnesium [mM] at a membrane potential [mV].
double magnesium_open_fraction(double magnesium, double potential);

// block: blockers.size() x kSubunits bound fractions; concentrations [uM] at the begin and the end of the
// step; dt [s].
void advance_nmda_block(std::span<const NmdaBlocker> blockers, std::span<const double> before,
                        std::span<const double> after, double dt, std::span<SubunitValues> block);

// 1 + (1 - T) E.
double escape_factor(double trapping, double escape);

// B_rest: settled block of receptors that only spontaneous release opens.
double resting_block(const NmdaParams& p, std::span<const NmdaBlocker> blockers,
                     std::span<const double> level, const SubunitValues& mix);

// Blocked fraction of each subunit, all drugs together.
SubunitValues total_block(std::span<const SubunitValues> block);

// Blocked fraction of receptors with the given mix (shares that sum to one).
double receptor_block(const SubunitValues& mix, const SubunitValues& block);

// The mix with its GluN2C + GluN2D share multiplied by `factor` (at most 1) and the rest scaled to sum to
// one.
SubunitValues shifted_mix(const SubunitValues& mix, double factor);

}  // namespace respine
