// The processes that share one network, and all that they say to each other.
//
// State of neurons is known to all ranks; synapses to their owner only. Whole numbers are summed and other
// values copied, never added in floating point, so the bits do not depend on the number of ranks. Every
// function is called by all ranks, in the same order. A single process is its own company: nothing to say.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/activity/synapse_rows.hpp"
#include "sim/ranks/partition.hpp"

namespace respine {

struct Traffic {               // of this rank so far
    u64 calls = 0, bytes = 0;  // bytes of other ranks' values
    double seconds = 0.0;      // in these calls, waiting for others included
};

class Ranks {
public:
    virtual ~Ranks() = default;
    virtual u32 rank() const { return 0; }
    virtual u32 size() const { return 1; }
    bool root() const { return rank() == 0; }

    // Sends the own slices of groups [first, last) to all and takes theirs. begin_exchange only starts it;
    // until finish_exchanges the values may be read in the own slices and nowhere else.
    virtual void begin_exchange(const Partition&, size_t /*first*/, size_t /*last*/,
                                std::span<float> /*values*/) {}
    virtual void finish_exchanges() {}
    void exchange(const Partition& partition, size_t first, size_t last, std::span<float> values) {
        begin_exchange(partition, first, last, values);
        finish_exchanges();
    }

    virtual void sum(std::span<u32>) {}
    virtual void sum(std::span<u64>) {}
    virtual u64 most(u64 value) { return value; }

    // Puts together what each rank filled in; all bits that it did not fill are zero. For all, or for the
    // root alone.
    virtual void merge(std::span<std::byte>) {}
    virtual void merge_at_root(std::span<std::byte>) {}

    virtual std::vector<SynapseEvent> gather_at_root(std::vector<SynapseEvent> own) { return own; }
    virtual std::vector<std::string> gather(const std::string& own) {
        return {own};
    }  // for all, in order of ranks

    virtual Traffic traffic() const { return {}; }

    // Waits for all ranks to come here, wherever they are; the root's `code` when they do in time, else
    // nothing.
    virtual std::optional<int> all_come(double /*seconds*/, int code) { return code; }
    [[noreturn]] virtual void end_job(int exit_code);
};

Ranks& alone();

// What mpirun or srun says in the environment; one rank without them.
struct LaunchedAs {
    u32 rank = 0, size = 1;
    std::string by;  // variable that says so
};
LaunchedAs launched_as();

// True when this program can share a network between processes.
bool has_mpi();
std::string mpi_text();  // library and version; "" without

// Meets the other ranks that the launcher started. Without MPI there are none.
Ranks& join_ranks();

}  // namespace respine
