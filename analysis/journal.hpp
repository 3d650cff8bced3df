// The journal of a study: one line of JSON for every run that ended, appended and synced before the next is begun. A line that was cut
// short by the end of a process is dropped; nothing else ever changes.
// A record whose point runs again (it had failed, or its shard was cut anew) is followed by the new one: the last counts.
#pragma once

#include <string>
#include <vector>

#include "kernels/types.hpp"

namespace respine {

struct PointRecord {
    std::string id{};     // of resolved inputs, seed and program
    u32 point = 0;        // number in the design
    bool ok = false;
    int exit_code = 0;    // of the run, were it a program of its own
    std::string message{};  // why it failed
    std::vector<double> values{};  // by outcome; NaN where the run does not reach it
    double seconds = 0.0;  // of the simulation alone, without reading its inputs
    std::string host{};
};

std::string to_line(const PointRecord& record);
PointRecord from_line(const std::string& line);  // throws std::exception for anything that is no record

class Journal {
public:
    // Reads what is there and locks the file. Throws Error(kInput) with file and line for a damaged line that is not the last one,
    // Error(kIo) when it cannot be written or another study works on it.
    explicit Journal(const std::string& path);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    void add(const PointRecord& record);  // on the disk before it returns

private:
    std::string path_;
    int fd_ = -1;
};

// All records of a journal, in order, without locking it.
std::vector<PointRecord> read_journal(const std::string& path);

// Whether a study is at work on it.
bool in_use(const std::string& journal);

}  // namespace respine
