#include "kernels/plasticity/bdnf.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/plasticity/stress.hpp"

namespace respine {

double basal_release(const BdnfParams& p, double severity, double genotype, double inflammation) {
    return stress_factor(p.stress, severity) * genotype * (1.0 - p.inflammation * inflammation);
}

void advance_bdnf(const BdnfParams& p, double translation, double calcium, double scavenged, double dt,
                  std::span<const float> ampa, std::span<float> excess) {
    const double keep = det_exp(-dt / p.clearance);
    const double gain = p.release * p.clearance * calcium * translation * (1.0 - scavenged);
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(excess.size()))
    for (size_t i = 0; i < excess.size(); ++i) {
        const double settled = gain * std::max(0.0, ampa[i] - p.threshold);
        excess[i] = static_cast<float>(settled + (excess[i] - settled) * keep);
    }
}

}  // namespace respine
