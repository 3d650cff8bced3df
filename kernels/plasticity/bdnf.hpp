// BDNF above its basal release: it needs AMPA drive, open calcium channels and translation at once.
//
//   BDNF = beta (1 + e)
//   de/dt = s (1 - a) Ca (l v Y + r X) - e / tau
//   v = [z (A - 1) - (theta - 1)]+
//   Y = X + (1 - X) w / (1 + w)
//   w = k_a [z (A_mean - 1) - (theta - 1)]+
//   dz/dt = (z_inf - z) / tau_z
//   z_inf = (1 - q B^4 / (B^4 + B_h^4)) / (1 + k [g (1 - B_2B) - 1]+)
//
// With a, A, Ca, X, Y and z constant over dt the step is exact:
//
//   e <- e_inf + (e - e_inf) exp(-dt / tau)
//   e_inf = s tau (1 - a) Ca (l v Y + r X)
//
//   e       excess [fold]
//   A       AMPA drive [fold]; A_mean: of the neuron's population
//   theta   threshold of the drive, with a whole supply [fold]
//   Ca      open share of L-type calcium channels [1]
//   X       translation that a block of resting NMDA receptors releases (translation.hpp) [1]
//   v       drive above threshold [fold]
//   Y       translation with what activity itself starts [1]
//   k_a     translation that activity starts, per unit of mean drive above threshold [1]
//   l, r    strengths of the links from the surge and from translation alone (section `links`) [1]
//   a       share that an antibody binds [1]
//   s       release [1/h]
//   tau     clearance [h]
//   beta    basal release: stress, genotype, inflammation, antidepressant [1]
//   z       supply: what CREB has had transcribed [1]
//   B       block of all pyramidal NMDA receptors; B_2B: of those with GluN2B [1]
//   g       extracellular glutamate [fold of healthy]
//   q       supply lost under a complete block; B_h: block of half that loss [1]
//   k       loss of supply per fold of extrasynaptic glutamate [1]
//   tau_z   `fall` when falling, `return` when rising [h]
//
// A product: cutting any factor abolishes the rise; without drug the drive stays below theta and e = 0. What
// blocks no NMDA receptor at rest still starts some translation by the activity that it raises: that of the
// population, since what turnover alone does to the drive of single neurons starts none. The link r is that
// of a rival (configs/hypotheses) in which released translation is enough. Synaptic NMDA receptors keep CREB
// and so the BDNF gene on, extrasynaptic ones, which carry GluN2B and see the glutamate that uptake leaves,
// shut it off: a brief, partial block leaves the supply, a deep one takes it for hours, so what its own
// wash-out evokes stays below the threshold. The power of four makes a step of it. Sources: Lepack et al.
// 2014, 10.1093/ijnp/pyu033; Autry et al. 2011, 10.1038/nature10130; an mGluR2/3 antagonist starts mTORC1
// without any NMDA block: Dwyer et al. 2012, PMC3580765 (k_a, direction); Hardingham & Bading
// 2010, 10.1038/nrn2911 (CREB shut-off, direction). Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct BdnfParams {
    double release;         // s [1/h]
    double threshold;       // theta [fold]
    double clearance;       // tau [h]
    double activity;        // k_a [1]
    double stress;          // beta at severity 1 [1]
    double val_met;         // beta of Val/Met carriers [1]
    double met_met;         // beta of Met/Met carriers [1]
    double evoked_val_met;  // factor on s of Val/Met carriers [1]
    double evoked_met_met;  // factor on s of Met/Met carriers [1]
    double inflammation;    // loss of beta at inflammation 1 [1]
    double antidepressant;  // gain of beta under a settled conventional antidepressant [1]
    double supply_loss;     // q [1]
    double supply_half;     // B_h [1]
    double supply_fall;     // [h]
    double supply_return;   // [h]
    double extrasynaptic;   // k [1]
};
inline constexpr Parameter<BdnfParams> kBdnfParameters[] = {
    {"release", "1/h", &BdnfParams::release, 0, 100, "release per unit of AMPA drive above threshold"},
    {"threshold", "1", &BdnfParams::threshold, 1, 5, "AMPA drive above which BDNF is released"},
    {"clearance", "h", &BdnfParams::clearance, 0.05, 48, "time constant of BDNF clearance"},
    {"activity", "1", &BdnfParams::activity, 0, 100,
     "translation that activity itself starts, per unit of mean AMPA drive above threshold; 0 cuts it off"},
    {"stress", "1", &BdnfParams::stress, 0.01, 1, "basal BDNF release at stress severity 1"},
    {"val_met", "1", &BdnfParams::val_met, 0.01, 1, "basal BDNF release of Val66Met heterozygotes"},
    {"met_met", "1", &BdnfParams::met_met, 0.01, 1, "basal BDNF release of Met/Met homozygotes"},
    {"evoked_val_met", "1", &BdnfParams::evoked_val_met, 0, 1,
     "activity-dependent BDNF release of Val66Met heterozygotes"},
    {"evoked_met_met", "1", &BdnfParams::evoked_met_met, 0, 1,
     "activity-dependent BDNF release of Met/Met homozygotes"},
    {"inflammation", "1", &BdnfParams::inflammation, 0, 0.99, "loss of basal BDNF release at inflammation 1"},
    {"antidepressant", "1", &BdnfParams::antidepressant, 0, 5,
     "gain of basal BDNF release under a settled antidepressant"},
    {"supply_loss", "1", &BdnfParams::supply_loss, 0, 1,
     "supply of BDNF lost under a complete block of pyramidal NMDA receptors; 0 switches it off"},
    {"supply_half", "1", &BdnfParams::supply_half, 0.01, 1, "pyramidal block at which half of that is lost"},
    {"supply_fall", "h", &BdnfParams::supply_fall, 0.01, 1000, "time constant of a falling supply"},
    {"supply_return", "h", &BdnfParams::supply_return, 0.01, 1000, "time constant of a returning supply"},
    {"extrasynaptic", "1", &BdnfParams::extrasynaptic, 0, 100,
     "loss of supply per fold of extrasynaptic glutamate; 0 switches it off"},
};

// beta of a subject without drugs: severity of stress, `genotype` the factor of val_met or met_met (1:
// Val/Val), inflammation.   beta = f(severity) genotype (1 - inflammation loss)
double basal_release(const BdnfParams& p, double severity, double genotype, double inflammation);

// z_inf for a loss of pyramidal NMDA current, the block of their GluN2B, and extracellular glutamate.
double settled_supply(const BdnfParams& p, double block, double block_2b, double glutamate);

// z after dt [h].
double advance_supply(const BdnfParams& p, double settled, double dt, double supply);

// Y of a population under its mean AMPA drive.
double started_translation(const BdnfParams& p, double translation, double supply, double mean_ampa);

struct BdnfInput {
    double translation;  // X [1]
    double started;      // Y [1]
    double calcium;      // Ca [1]
    double scavenged;    // a [1]
    double supply;       // z [1]
    double surge;        // l [1]
    double resting;      // r [1]
};

// dt [h].
void advance_bdnf(const BdnfParams& p, const BdnfInput& in, double dt, std::span<const float> ampa,
                  std::span<float> excess);

}  // namespace respine
