// The memory of lost places as lists, with the standard library's exponential.
#pragma once

#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine::reference {

struct Place {
    u32 source, birth, step;  // step of the loss
    bool mark;
    bool operator==(const Place&) const = default;
};

using Memory = std::vector<std::deque<Place>>;  // by row, oldest first

inline void remember(Memory& memory, size_t row, const Place& place, size_t most) {
    memory[row].push_back(place);
    if (memory[row].size() > most) memory[row].pop_front();
}

// The place that a new synapse takes for the uniform draw u; nothing when it takes none.
inline std::optional<size_t> choose(const std::deque<Place>& places, double share, double tau, double dt,
                                    u32 step, double u) {
    double sum = 0.0;
    for (const Place& p : places) sum += std::exp(-static_cast<double>(step - p.step) * dt / tau);
    const double chance = share * sum / (1.0 + sum);
    double below = 0.0;
    for (size_t k = 0; k < places.size(); ++k) {
        below += chance / sum * std::exp(-static_cast<double>(step - places[k].step) * dt / tau);
        if (u < below) return k;
    }
    return std::nullopt;
}

}  // namespace respine::reference
