// Every point that a fit has evaluated, in memory and in a CSV file that grows line by line: what a stopped
// fit goes on from.
#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace respine {

struct Evaluation {
    // NaN: not measured; a loss also for a target that has none.
    std::vector<double> parameters, simulated, loss;
    double total = 0.0;
    std::string note;  // why a target has no value
};

class Evaluations {
public:
    // In memory alone.
    Evaluations() = default;
    // With a file: its lines are read, a line that was cut short by the end of a process is dropped, new ones
    // are appended. Throws Error(kInput) when the file is of other parameters or targets, Error(kIo) when it
    // cannot be written.
    Evaluations(const std::string& path, const std::vector<std::string>& parameters,
                const std::vector<std::string>& targets);

    const Evaluation* find(const std::vector<double>& point) const;  // the same numbers, or null
    const Evaluation& add(Evaluation e);  // flushed before it returns; the reference stays valid
    size_t size() const { return all_.size(); }
    size_t failed() const;  // those with a note

private:
    void read(const std::string& header, size_t parameters, size_t targets);

    std::string path_;
    std::ofstream out_;
    std::deque<Evaluation> all_;
    std::map<std::vector<double>, const Evaluation*> by_point_;
};

}  // namespace respine
