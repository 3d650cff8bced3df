// Writes one run to one HDF5 file while it runs: <path>.part first, renamed at the end.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sim/imaging.hpp"
#include "sim/io/hdf5_file.hpp"
#include "sim/observables.hpp"

namespace respine {

inline constexpr int kFormatVersion = 1;

struct RunInfo {  // of this execution; none of it changes the results
    int threads = 1;
    std::string thread_source, command;
};

// Format, provenance and the resolved inputs of a file that is being written.
void write_meta(H5File& file, const std::string& format, const Inputs& inputs, const RunInfo& info);

// Marks <path>.part complete, closes and syncs it, and gives it its name.
void close_and_rename(H5File& file, const std::string& path);

class Recorder {
public:
    // Creates the .part file with everything that is known before the first step.
    Recorder(const std::string& path, const Simulation& simulation, const RunInfo& info);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // Looks at the simulation after a step (and once before the first): records what is due.
    void observe(Simulation& simulation);

    // Writes imaging, derived numbers and the closing attributes, then renames the file and writes the XDMF sidecar.
    void finish(const Simulation& simulation);

    const std::string& part_path() const { return part_; }

private:
    void write_network(const Simulation& simulation);
    void write_history_row(const Simulation& simulation);
    void write_snapshot(const Simulation& simulation);
    void write_synapse_events(Simulation& simulation);
    void write_imaging(const Simulation& simulation);
    void write_buffered();

    std::string path_, part_;
    H5File file_;
    std::vector<Observable> observables_;
    std::vector<Distribution> distributions_;
    std::vector<std::vector<float>> columns_, quantiles_;  // buffered rows
    std::vector<double> times_;
    ImagingRig rig_;
    Turnover turnover_;
    u64 structural_seen_ = 0;
    Tick next_history_;
    size_t next_snapshot_ = 0, next_session_ = 0, snapshots_written_ = 0;
    std::vector<double> snapshot_times_;
    std::chrono::steady_clock::time_point last_flush_, started_;
    bool finished_ = false;
};

// Fails with Exit::kIo when the file exists (unless `force`), when its folder cannot be written, or when another run writes it.
void claim_output(const std::string& path, bool force);

// A sidecar that ParaView and VisIt open: positions and every neuron field at each snapshot.
void write_xdmf(const std::string& h5_path, const Simulation& simulation, const std::vector<double>& times);

}  // namespace respine
