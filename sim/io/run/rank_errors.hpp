// How ranks that share a run fail: together, once, and never waiting for one that will not come.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

// What all ranks have met with; the root tells it, for the others it has no text.
class CommonError : public Error {
public:
    using Error::Error;
};

// Does work in which all ranks take part. An error that all of them meet becomes a CommonError with the code
// of the root; one that meets some of them is told by these, and ends the job. A single process just works.
void on_all_ranks(Ranks& ranks, const std::function<void()>& work);

// Does at the root what only the root can do, while the others wait; when it fails there, it fails for all.
void at_root(Ranks& ranks, const std::function<void()>& work);

// Throws Error(kInput) on all ranks unless each has the same texts (name, text): what decides a run.
void need_same(Ranks& ranks, const std::string& what,
               const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace respine
