// Checkpoints: everything a run needs to go on with the same bits, in one HDF5 file that is replaced as a
// whole.
//
// Written as <path>.new, synced, and renamed; the one before it stays as <path>.prev. What follows from the
// inputs is not in it: the network is built anew on a resume, and a digest tells whether it is the same. The
// rows of sim/checkpoint_rows.hpp are the datasets.
#pragma once

#include <string>

#include "sim/checkpoint_rows.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/output.hpp"

namespace respine {

inline constexpr const char* kCheckpointFormat = "respine-checkpoint";

// Where the rows of these synapses are in it, and what it says of the network that is built anew.
std::string checkpoint_group(const PlasticSynapses& plastic);
std::string network_digest(const Simulation& simulation);

void write_checkpoint(const std::string& path, Simulation& simulation, const CheckpointRows& recorder,
                      const RunInfo& info);
void write_cohort_checkpoint(const std::string& path, const Inputs& inputs, const CheckpointRows& cohort,
                             const RunInfo& info);

// The version in the first line of a checkpoint; 0 for a file that begins otherwise.
int sealed_version(const std::string& path);

class Checkpoint {
public:
    // Checks seal, format and program version; throws Error(kInput) with file, place, what is there and what
    // should be.
    explicit Checkpoint(const std::string& path);

    const std::string& path() const { return file_.path(); }
    bool of_cohort() const;
    const std::string& seal() const { return seal_; }  // tells two checkpoints apart
    Scenario scenario() const;                         // as it was resolved when the run began

    // Each fails with Error(kInput) and the name of what differs.
    void check_inputs(const Inputs& inputs) const;
    void check_same_run(const H5File& part) const;

    void restore(Simulation& simulation) const;
    void read(const CheckpointRows& memory) const;  // checks every value before it is used

private:
    void check_times(const Simulation& simulation) const;
    void read_live(PlasticSynapses& plastic, const Partition& partition) const;
    u64 read_synapses(PlasticSynapses& plastic, const Network& network, Ranks& ranks) const;
    void read_lost(PlasticSynapses& lost, u32 most, const Network& network, Ranks& ranks) const;
    void count_sources(std::span<const u32> sources, u64 first, const SourceNumbers& numbers,
                       PlasticSynapses& plastic) const;
    std::string seal_;
    H5File file_;
};

// The output that a run goes on with, and its checkpoint, for the FILE of --resume: NAME.h5.ckpt,
// NAME.h5.ckpt.prev, NAME.h5.part or NAME.h5.
struct ResumePaths {
    std::string output, checkpoint;
};
ResumePaths resume_paths(const std::string& file);

}  // namespace respine
