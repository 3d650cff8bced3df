#include "kernels/activity/ampa.hpp"

namespace respine {

void drive_ampa(std::span<const float> recurrent, std::span<const float> potentiation,
                std::span<const float> baseline, double blocked, std::span<float> ampa) {
    const double open = 1.0 - blocked;
    const float without = static_cast<float>(open);
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(ampa.size()))
    for (size_t i = 0; i < ampa.size(); ++i)
        ampa[i] = baseline[i] > 0.0F ? static_cast<float>(open * recurrent[i] * potentiation[i] / baseline[i])
                                     : without;
}

void potentiate_synapses(const AmpaParams& p, std::span<const float> protein_pool,
                         std::span<float> potentiation) {
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(potentiation.size()))
    for (size_t i = 0; i < potentiation.size(); ++i)
        potentiation[i] = static_cast<float>(1.0 + p.potentiation * protein_pool[i]);
}

}  // namespace respine
