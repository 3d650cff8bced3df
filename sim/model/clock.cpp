#include "sim/model/clock.hpp"

#include <algorithm>
#include <cmath>

namespace respine {

ClockParams clock_of(const Model& model, const Scenario& scenario) {
    ClockParams clock = model.clock;
    if (scenario.structure == StructureRule::kGrowthRule || scenario.integrator == Integrator::kExplicit)
        clock.longest_structural = clock.structural_step;
    return clock;
}

Tick next_structural_step(const ClockParams& clock, Tick start, std::span<const Tick> upheavals,
                          std::span<const Tick> visits, Tick now) {
    constexpr Tick kLengths[] = {24, 8, 4, 2};  // in shortest steps; each is a multiple of the next
    const auto step = static_cast<Tick>(clock.structural_step);
    const auto next = std::upper_bound(upheavals.begin(), upheavals.end(), now);
    const auto visit = std::upper_bound(visits.begin(), visits.end(), now);
    for (const Tick steps : kLengths) {
        const Tick length = steps * step;
        if (static_cast<double>(length) > clock.longest_structural || (now - start) % length != 0) continue;
        if (next != upheavals.begin() &&
            static_cast<double>(length) > clock.structural_growth * static_cast<double>(now - *(next - 1)))
            continue;
        if (next != upheavals.end() && *next < now + length) continue;
        if (visit != visits.end() && *visit < now + length) continue;
        return now + length;
    }
    return now + step;
}

Tick slow_step(const ClockParams& clock, Tick boundary, std::span<const Tick> events, Tick now) {
    const auto after = std::upper_bound(events.begin(), events.end(), now);
    double wanted = static_cast<double>(boundary - now);
    if (after != events.begin())
        wanted = std::max(clock.fine_step, clock.growth * static_cast<double>(now - *(after - 1)));
    const Tick left = boundary - now;
    const Tick parts = std::max<Tick>(
        1, static_cast<Tick>(std::ceil(static_cast<double>(left) / std::max(1.0, wanted) - 1e-9)));
    return (left + parts - 1) / parts;
}

}  // namespace respine
