// A run file whose curves are the medians over the members of an ensemble, with the quantiles over the
// members where a run has those over neurons: whatever draws a run then draws bands.
#pragma once

#include <string>
#include <vector>

namespace respine {

// Copies the file of `run` to `path` and writes the history of `members`, runs of the same scenario, into it;
// /meta gets `bands`: "members", their number, and the name of the ensemble. Networks and images stay those
// of `run`. Throws Error(kInput) for a run without the series of the first.
void write_bands(const std::string& run, const std::vector<std::string>& members, const std::string& ensemble,
                 const std::string& path);

}  // namespace respine
