// The journal of a study: one line of JSON for every run that ended, appended and synced before the next is
// begun. A line that was cut short by the end of a process is dropped; nothing else ever changes.
// A record names each of its values by what was read off the run, so a study that asks for other outcomes
// takes from it what it holds.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr const char* kJournalFormat = "respine-study-journal";
inline constexpr int kJournalVersion = 1;  // in every line, for lines of several programs stand in one file

struct PointRecord {
    std::string id{};  // of resolved inputs, seed and program
    u32 point = 0;     // number in the design
    bool ok = false;
    bool retry = true;  // whether a failed run may end otherwise the next time: not where the model failed
    int exit_code = 0;  // of the run, were it a program of its own
    std::string message{};                   // why it failed
    std::map<std::string, double> values{};  // by text_of the measure; NaN: not reached by the run
    double seconds = 0.0;                    // of the simulation alone, without reading its inputs
    std::string host{};
};

std::string to_line(const PointRecord& record);
// Throws Error for a line of a later version, std::exception for anything else that is no record.
PointRecord from_line(const std::string& line);

class Journal {
public:
    // Reads what is there and locks the file. Throws Error(kInput) with file and line for a damaged line that
    // is not the last one, Error(kIo) when it cannot be written or another study works on it.
    explicit Journal(const std::string& path);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    void add(const PointRecord& record);  // on the disk before it returns

    // Throws Error(kIo) when the file no longer stands under its name: what is written into it would be lost.
    void need_file() const;

private:
    std::string path_;
    int fd_ = -1;
};

// All records of a journal, in order, without locking it. Throws Error(kInput) that names every damaged line.
std::vector<PointRecord> read_journal(const std::string& path);

// What is known of one id: all values of its runs that ended well, and the last failure.
struct Tries {
    std::optional<PointRecord> good, bad;

    // The record of a point that wants these: one that holds them all, else the failure, else none.
    const PointRecord* record(const std::vector<std::string>& definitions) const;
};

using TriesById = std::map<std::string, Tries>;

// Throws Error(kInput) when two records of an id disagree about a value.
TriesById read_journals(const std::vector<std::string>& paths);

// Whether a study is at work on it.
bool in_use(const std::string& journal);

}  // namespace respine
