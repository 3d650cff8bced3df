// Small explicit steps of de/dt = s (1 - scavenged) [z (A - 1) - (theta - 1)]+ Ca X - e / tau for one neuron.
#pragma once

#include <cmath>

#include "kernels/plasticity/bdnf.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline double bdnf_excess(const BdnfParams& p, const BdnfInput& in, double dt, double ampa, double excess) {
    const double above = std::fmax(0.0, in.supply * (ampa - 1.0) - (p.threshold - 1.0));
    return rk4({excess}, dt, 20, [&](const Vector& e) {
        return Vector{p.release * (1.0 - in.scavenged) * above * in.calcium * in.translation -
                      e[0] / p.clearance};
    })[0];
}

}  // namespace respine::reference
