// Small explicit steps of de/dt = s (1 - scavenged) [A - theta]+ Ca X z - e / tau for one neuron.
#pragma once

#include "kernels/plasticity/bdnf.hpp"
#include "tests/reference/rk4.hpp"

namespace respine::reference {

inline double bdnf_excess(const BdnfParams& p, const BdnfInput& in, double dt, double ampa, double excess) {
    const double above = ampa > p.threshold ? ampa - p.threshold : 0.0;
    return rk4({excess}, dt, 20, [&](const Vector& e) {
        return Vector{p.release * (1.0 - in.scavenged) * above * in.calcium * in.translation * in.supply -
                      e[0] / p.clearance};
    })[0];
}

}  // namespace respine::reference
