// Writes one run to one HDF5 file while it runs: <path>.part first, renamed at the end. Of ranks that share a
// network each has a Recorder that goes through the same motions; the root's alone has a file.
#pragma once

#include <string>
#include <vector>

#include "kernels/numerics/summary.hpp"
#include "sim/coordination/coordination.hpp"
#include "sim/history.hpp"
#include "sim/imaging.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/checkpoint.hpp"
#include "sim/io/run/output.hpp"
#include "sim/system/background.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

struct RecordingEffort {  // of this execution, for run -v: what the run waited for, and what it did not
    double history_seconds = 0.0, snapshot_seconds = 0.0, background_seconds = 0.0;
};

// One row of the history: of a quantity its value, or what it is summarised from, or of a network that ranks
// share the summary, which they make together.
struct HistoryRow {
    double hours;
    std::vector<float> value;
    std::vector<std::vector<float>> values;
    std::vector<Summary> summaries;
};

inline constexpr size_t kMostWaiting = size_t{64} << 20;  // bytes that wait to be written

class Recorder {
public:
    // Creates the .part file with everything that is known before the first step, or goes on in the one
    // beside a checkpoint.
    Recorder(const std::string& path, const Simulation& simulation, const RunInfo& info, Claim claim,
             const Checkpoint* from = nullptr);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // Looks at the simulation after a step (and once before the first): records what is due.
    void observe(Simulation& simulation);

    // Puts what was recorded safely on the disk, then the state of the simulation into the checkpoint beside
    // it.
    void save(Simulation& simulation);

    // Writes imaging, derived numbers and the closing attributes, then the XDMF sidecar, renames the file and
    // drops its checkpoints.
    void finish(const Simulation& simulation);

    const std::string& part_path() const { return part_; }
    const RecordingEffort& effort() const { return effort_; }  // complete once it is finished

private:
    void begin(const Simulation& simulation);
    void go_on(const Checkpoint& from, const Simulation& simulation);
    void reopen(const Checkpoint& from, const Scenario& scenario);
    void add_checkpoint_rows(CheckpointRows& memory);
    double wall_seconds() const;

    void create_history();  // recorder_history.cpp
    void write_history_row(const Simulation& simulation);
    void hand_over_rows();
    void buffer(const HistoryRow& row);
    void write_buffered();
    void finish_rows();
    template <class T>
    void append(const std::string& path, std::vector<T> rows);  // in the background
    void write_events(const Simulation& simulation);            // recorder_network.cpp
    void write_policies(const Simulation& simulation);
    void write_network(const Simulation& simulation);
    void create_snapshots(const Simulation& simulation);  // recorder_snapshots.cpp
    void write_snapshot(const Simulation& simulation);
    void write_synapses(const Simulation& simulation, const PlasticSynapses& plastic,
                        const std::string& group, const std::vector<u64>& offsets);
    void write_synapse_events(Simulation& simulation);
    void write_imaging(const Simulation& simulation);  // recorder_imaging.cpp
    void write_lost_places(const Simulation& simulation);
    void look_at_coordination(const Simulation& simulation);  // recorder_coordination.cpp
    void write_coordination(const Simulation& simulation);

    std::string path_, part_;
    Claim claim_;
    RunInfo info_;
    std::vector<HistoryRow> looked_at_;  // on their way to the background
    size_t looked_at_bytes_ = 0;
    H5File file_;  // once the run goes on, the background alone touches it, and the buffered rows
    std::vector<Quantity> history_;
    std::vector<std::vector<float>> columns_, quantiles_;  // buffered rows; quantiles of distributed ones
    std::vector<double> times_;
    ImagingRig rig_;
    Sightings sightings_;               // the sessions as they stand in a checkpoint
    size_t coordination_width_;         // values of a session; 0 where the scenario asks for none
    std::vector<double> coordination_;  // a row a session
    Turnover turnover_;
    u64 history_rows_ = 0, event_rows_ = 0, resumes_ = 0, replace_ = 0;
    size_t rows_since_flush_ = 0;
    Tick next_history_;
    u64 next_snapshot_ = 0, next_session_ = 0;
    std::vector<double> snapshot_times_;
    double wall_before_ = 0.0;  // of the executions before a resume [s]
    RecordingEffort effort_;
    WallTime last_flush_, started_;
    bool finished_ = false;
    Background background_{kMostWaiting, quieten_hdf5};
};

// 0, 1, 2 and so on: the values of a dimension scale.
std::vector<u32> numbers_to(size_t count);

// The values of all neurons, or of all excitatory ones: of those of a shared network at the root alone.
std::vector<float> whole_at_root(const Simulation& simulation, std::span<const float> values);

// Stage, label and scale of a dataset, as attributes: by them others name and group what they show.
void describe(H5File& file, const std::string& dataset, const Quantity& quantity);

// A sidecar that ParaView and VisIt open: positions and every neuron field at each snapshot.
void write_xdmf(const std::string& h5_path, const Simulation& simulation, const std::vector<double>& times);

template <class T>
void Recorder::append(const std::string& path, std::vector<T> rows) {
    background_.post(rows.size() * sizeof(T),
                     [this, path, rows = std::move(rows)] { file_.append<T>(path, rows); });
}

}  // namespace respine
