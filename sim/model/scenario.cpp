#include "sim/model/scenario.hpp"

#include <algorithm>

namespace respine {

bool Scenario::has_drug_dose() const {
    return std::any_of(treatments.begin(), treatments.end(),
                       [](const Treatment& t) { return t.is_drug_dose(); });
}

std::vector<Tick> Scenario::doses() const {
    const bool drugs_alone = has_drug_dose();
    std::vector<Tick> starts;
    for (const Treatment& t : treatments)
        if (t.is_drug_dose() || !drugs_alone) starts.insert(starts.end(), t.at.begin(), t.at.end());
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    return starts;
}

Tick Scenario::first_dose() const {
    const std::vector<Tick> starts = doses();
    return starts.empty() ? std::max<Tick>(start, 0) : starts.front();
}

}  // namespace respine
