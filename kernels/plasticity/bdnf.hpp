// BDNF above its basal release: it needs AMPA drive, open calcium channels and released translation at once.
//
//   BDNF = beta (1 + e)
//   de/dt = s (1 - a) [A - theta]+ Ca X - e / tau
//
// With a, A, Ca and X constant over dt the step is exact:
//
//   e <- e_inf + (e - e_inf) exp(-dt / tau)
//   e_inf = s tau (1 - a) [A - theta]+ Ca X
//
//   e       excess [fold]
//   A       AMPA drive [fold]
//   theta   threshold [fold]
//   Ca      open share of L-type calcium channels [1]
//   X       translation [1]
//   a       share that an antibody binds [1]
//   s       release [1/h]
//   tau     clearance [h]
//   beta    basal release: stress, genotype, inflammation, antidepressant [1]
//
// A product: cutting any factor abolishes the rise; without drug X = 0 and e = 0.
// Sources: Lepack et al. 2014, 10.1093/ijnp/pyu033; Autry et al. 2011, 10.1038/nature10130.
// Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct BdnfParams {
    double release;         // s [1/h]
    double threshold;       // theta [fold]
    double clearance;       // tau [h]
    double stress;          // beta at severity 1 [1]
    double val_met;         // beta of Val/Met carriers [1]
    double met_met;         // beta of Met/Met carriers [1]
    double evoked_val_met;  // factor on s of Val/Met carriers [1]
    double evoked_met_met;  // factor on s of Met/Met carriers [1]
    double inflammation;    // loss of beta at inflammation 1 [1]
    double antidepressant;  // gain of beta under a settled conventional antidepressant [1]
};
inline constexpr Parameter<BdnfParams> kBdnfParameters[] = {
    {"release", "1/h", &BdnfParams::release, 0, 100, "release per unit of AMPA drive above threshold"},
    {"threshold", "1", &BdnfParams::threshold, 1, 5, "AMPA drive above which BDNF is released"},
    {"clearance", "h", &BdnfParams::clearance, 0.05, 48, "time constant of BDNF clearance"},
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
};

// beta of a subject without drugs: severity of stress, `genotype` the factor of val_met or met_met (1:
// Val/Val), inflammation.   beta = f(severity) genotype (1 - inflammation loss)
double basal_release(const BdnfParams& p, double severity, double genotype, double inflammation);

// `scavenged` is the share of released BDNF that an antibody binds. dt [h].
void advance_bdnf(const BdnfParams& p, double translation, double calcium, double scavenged, double dt,
                  std::span<const float> ampa, std::span<float> excess);

}  // namespace respine
