// One neuron of the supralinear rate network, straight from the equations.
#pragma once

#include <cmath>

#include "kernels/activity/rates.hpp"

namespace respine::reference {

struct NeuronInput {
    double recurrent, potentiation, excitation, external, inhibition, slow_share;
};

inline double settled_rate(const RateGroup& g, const NeuronInput& in) {
    const double blocked = (1.0 - in.slow_share) * g.block_ab + in.slow_share * g.block_cd;
    const double F =
        (1.0 - g.nmda_share) * (1.0 - g.ampa_block) + g.nmda_share * g.receptors * (1.0 - blocked);
    const double x =
        (in.potentiation * in.recurrent + in.excitation + g.drive * in.external) * F - in.inhibition;
    return x > 0.0 ? g.gain * x * x : 0.0;
}

// phi of one neuron: its inhibition follows all of its excitation at healthy rates.
inline double inhibition_factor(double matching, double potentiation, double recurrent, double healthy,
                                double external) {
    const double before = healthy + external, now = potentiation * recurrent + external;
    return std::fmax(0.0, 1.0 + matching * (now / before - 1.0));
}

}  // namespace respine::reference
