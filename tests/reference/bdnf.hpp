// Small explicit steps of de/dt = s (1 - scavenged) Ca (l v Y + r X) - e / tau for one neuron, with v its
// drive above threshold and Y the translation with what the mean activity starts.
#pragma once

#include <cmath>

#include "kernels/plasticity/bdnf.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline double started_translation(const BdnfParams& p, double translation, double supply, double mean_ampa) {
    const double above = std::fmax(0.0, supply * (mean_ampa - 1.0) - (p.threshold - 1.0));
    const double idle = 1.0 / (1.0 + p.activity * above);  // share that activity does not start
    return 1.0 - (1.0 - translation) * idle;
}

inline double bdnf_excess(const BdnfParams& p, const BdnfInput& in, double dt, double ampa, double excess) {
    const double above = std::fmax(0.0, in.supply * (ampa - 1.0) - (p.threshold - 1.0));
    return rk4({excess}, dt, 20, [&](const Vector& e) {
        return Vector{p.release * (1.0 - in.scavenged) * in.calcium *
                          (in.surge * above * in.started + in.resting * in.translation) -
                      e[0] / p.clearance};
    })[0];
}

}  // namespace respine::reference
