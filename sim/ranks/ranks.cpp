#include "sim/ranks/ranks.hpp"

#include <cstdlib>
#include <utility>

#include "sim/model/units.hpp"

namespace respine {

void Ranks::end_job(int exit_code) { std::_Exit(exit_code); }

Ranks& alone() {
    static Ranks only;
    return only;
}

// A batch script has a SLURM_PROCID too, but no step of tasks.
LaunchedAs launched_as() {
    const auto number = [](const char* name) {
        const char* text = std::getenv(name);
        return text ? parse_number(text) : std::nullopt;
    };
    constexpr std::pair<const char*, const char*> kPlaces[] = {
        {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
        {"PMI_RANK", "PMI_SIZE"},
        {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"}};
    for (const auto& [id, count] : kPlaces)
        if (const auto rank = number(id), size = number(count); rank && size && *rank >= 0.0 && *rank < *size)
            return {static_cast<u32>(*rank), static_cast<u32>(*size), id};
    return {};
}

}  // namespace respine
