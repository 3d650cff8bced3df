#include "kernels/plasticity/growth_rule.hpp"

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/loops.hpp"

namespace respine {

double growth_window(const GrowthRuleParams& p, double activity) {
    constexpr double kRootLn2 = 0.83255461115769775635;
    const double centre = 0.5 * (p.least + p.set_point), width = (p.set_point - p.least) / (2.0 * kRootLn2);
    const double y = (activity - centre) / width;
    return 2.0 * det_exp(-y * y) - 1.0;
}

void grow_elements(const GrowthRuleParams& p, double dt, std::span<const float> rate,
                   std::span<const float> baseline, std::span<const float> healthy,
                   std::span<float> elements) {
    for_neurons(0, elements.size(), [&](size_t i) {
        const double activity = baseline[i] > 0.0F ? static_cast<double>(rate[i]) / baseline[i] : 0.0;
        elements[i] = static_cast<float>(
            std::max(1.0, elements[i] + p.rate * healthy[i] * growth_window(p, activity) * dt));
    });
}

}  // namespace respine
