// The output of a run on disk: who may write it, what it says about itself, and when it gets its name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/simulation.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

inline constexpr int kFormatVersion = 1;

struct RunInfo {      // of this execution; none of it changes the results
    int threads = 1;  // of each rank
    std::string thread_source, command;
    bool replace = false;  // an output that is there already
    u32 ranks = 1;
};

inline std::string checkpoint_of(const std::string& output) { return output + ".ckpt"; }
inline std::string previous_of(const std::string& checkpoint) { return checkpoint + ".prev"; }

void remove_checkpoints(const std::string& output);

// An output that this process is about to write: <output>.part, locked against every other run until the
// output has its name. HDF5's own locks stay out of it, which clusters switch off by a variable of the
// environment. Throws Error(kIo) at once when the output exists (unless `force`), when its folder cannot be
// written, or when another run writes it, forced or not.
class Claim {
public:
    static Claim fresh(const std::string& output, bool force);
    static Claim none() { return Claim(-1); }                // of a rank that writes nothing
    static Claim of_stopped_run(const std::string& output);  // Error(kInput) without a .part file
    Claim(Claim&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Claim& operator=(Claim&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Claim() { release(); }
    void let_read() const;  // others may read the file, and still not write it
    void release();

private:
    explicit Claim(int fd) : fd_(fd) {}
    void lock(const std::string& part) const;
    int fd_;
};

// What decides the results, by the name of its attribute in /meta: resolved scenario, drug files, network
// file.
std::vector<std::pair<std::string, std::string>> input_texts(const Inputs& inputs);

// The scenario in /meta, as it was resolved when the run began. Throws Error(kInput) when it cannot be used.
Scenario scenario_in(const H5File& file);

// Files that the network was read from and that hold other bytes now, by the digests in /meta; none when the
// file has no digests.
std::vector<std::string> changed_network_files(const H5File& file, const Inputs& inputs);

// Attributes of /meta that hold another text than these inputs; a file of the network that has changed is
// named.
std::vector<std::string> other_inputs(const H5File& file, const Inputs& inputs);

// What policies decided, as /visits; `subject`: whose visit each is, empty in the run of one.
void write_visits(H5File& file, const PolicyLog& log, std::span<const u32> subject);

// Format, provenance and the resolved inputs of a file that is being written.
void write_meta(H5File& file, const std::string& format, int version, const Inputs& inputs,
                const RunInfo& info);

// The part of it that tells of this execution only.
void write_execution(H5File& file, const RunInfo& info);

// Marks <output>.part complete, closes it and gives it its name.
void close_and_rename(H5File& file, Claim& claim, const std::string& output, bool replace);

// The time in UTC, as ISO 8601.
std::string now_text();

}  // namespace respine
