// What imaging sessions say, of a finished run or of one that is still going.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/read/measure.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

using Seen = std::set<std::pair<u32, u32>>;  // (dendrite, place)

struct Sessions {
    std::vector<double> time;                              // [h]
    std::function<double(size_t)> count;                   // spines seen, all dendrites
    std::function<double(size_t)> formation, elimination;  // mean of the dendrites [%]; from the second on
    std::function<double(size_t)> head_width;              // new over existing; from the second on
    std::function<Seen(size_t)> seen;
    // Of finished runs: what a dataset of the sessions holds; where a spine was lost before the start, and
    // the places that lie within 2 um.
    std::function<double(const std::string&, size_t)> value = {};
    std::function<Seen()> lost = {};
    double reach = 0.0;
};

// Whether the first session has no value of it.
bool is_since_session_before(const std::string& quantity);

// One of the imaging quantities; without values where nothing was imaged, or not when it would have to be.
Curve imaging_curve(const std::string& quantity, const Sessions& sessions, const Clock& clock);

}  // namespace respine
