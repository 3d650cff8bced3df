#include "kernels/activity/rates.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"

namespace respine {

void settled_rates(const RateGroup& group, const RateInput& in, size_t first, size_t last,
                   std::span<float> settled) {
    const bool excitatory = !in.recurrent.empty();
    for_neurons(first, last, [&](size_t i) {
        const double factor = excitation_factor(group, neuron_block(group, in.slow_share[i]));
        double excitation = static_cast<double>(in.excitation[i]) + in.external[i] * group.drive;
        if (excitatory) excitation += static_cast<double>(in.recurrent[i]) * in.potentiation[i];
        const double x = excitation * factor - in.inhibition[i];
        settled[i] = x > 0.0 ? static_cast<float>(group.gain * x * x) : 0.0F;
    });
}

void match_inhibition(double matching, const Excitation& in, std::span<float> factor) {
    for_neurons(0, factor.size(), [&](size_t i) {
        const double healthy = in.healthy[i], all = healthy + in.external[i];
        const double change =
            all > 0.0 ? (static_cast<double>(in.potentiation[i]) * in.recurrent[i] - healthy) / all : 0.0;
        factor[i] = static_cast<float>(std::max(0.0, 1.0 + matching * change));
    });
}

void advance_rates(const RateGroup& group, std::span<const float> settled, double dt, size_t first,
                   size_t last, std::span<float> rate) {
    const double keep = det_exp(-dt / group.time_constant);
    for_neurons(first, last, [&](size_t i) {
        rate[i] = static_cast<float>(settled[i] + (static_cast<double>(rate[i]) - settled[i]) * keep);
    });
}

double input_for_rate(double gain, double rate) { return std::sqrt(rate / gain); }

}  // namespace respine
