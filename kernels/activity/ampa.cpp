#include "kernels/activity/ampa.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"

namespace respine {

void drive_ampa(const AmpaInput& in, std::span<const float> habit, double blocked, std::span<float> ampa) {
    const double open = 1.0 - blocked;
    const float without = static_cast<float>(open);
    for_neurons(0, ampa.size(), [&](size_t i) {
        ampa[i] = in.baseline[i] > 0.0F
                      ? static_cast<float>(open * in.recurrent[i] * in.potentiation[i] * in.synaptic_gain[i] /
                                           (static_cast<double>(in.baseline[i]) * (1.0 + habit[i])))
                      : without;
    });
}

void get_used_to(const AmpaParams& p, const AmpaInput& in, double dt, std::span<float> habit) {
    if (p.habituation == 0.0) return;
    const double keep = det_exp(-dt / p.habituation);
    for_neurons(0, habit.size(), [&](size_t i) {
        if (in.baseline[i] <= 0.0F) return;
        const double drive =
            static_cast<double>(in.recurrent[i]) * in.potentiation[i] * in.synaptic_gain[i] / in.baseline[i];
        const double settled = std::max(drive, p.least_habit) - 1.0;
        habit[i] = static_cast<float>(settled + (habit[i] - settled) * keep);
    });
}

void potentiate_synapses(const AmpaParams& p, std::span<const float> protein_pool,
                         std::span<float> potentiation) {
    for_neurons(0, potentiation.size(), [&](size_t i) {
        potentiation[i] = static_cast<float>(1.0 + p.potentiation * protein_pool[i]);
    });
}

}  // namespace respine
