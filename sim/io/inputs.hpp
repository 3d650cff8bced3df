// From a scenario to everything a run needs.
#pragma once

#include "sim/simulation.hpp"

namespace respine {

// Loads model, drugs, network description and the user's graph, with all checks that need no simulation.
Inputs load_inputs(const Scenario& scenario);

}  // namespace respine
