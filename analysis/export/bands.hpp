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

// Of each run its scenario under each member of an ensemble, in the order of the members.
struct MemberFiles {
    std::string ensemble;  // its name
    std::vector<std::vector<std::string>> files;
};

// What `--ensemble` asks of run files.
struct BandOptions {
    std::string ensemble, work = "members";
    int members = 0, threads = 0;

    // Each run in a folder of its own in `work`.
    MemberFiles member_files(const std::vector<std::string>& runs) const;
};
// Writes beside the files of the members, of each run, one that holds the bands over them.
std::vector<std::string> write_all_bands(const std::vector<std::string>& runs, const MemberFiles& members);
// The one with the bands, of a run file that `member_files` gave.
std::string band_file_of(const std::string& member_file);

}  // namespace respine
