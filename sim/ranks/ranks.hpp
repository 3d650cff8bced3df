// The processes that share one network, and all that they say to each other.
//
// A neuron and its synapses are known to their owner, its rate and vacancy also to ranks whose synapses can
// come from it. Whole numbers are summed and other
// values copied, never added in floating point, so the bits do not depend on the number of ranks. Every
// function is called by all ranks, in the same order. A single process is its own company: nothing to say.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/activity/synapse_rows.hpp"
#include "sim/ranks/halo.hpp"

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

    // Takes the values of the halo from their owners, and gives others what they need; of arrays that end
    // before some of these neurons, what there is.
    virtual void exchange(const Halo&, std::span<float> /*values*/) {}
    // The other way: what each rank has counted for neurons of its halo is added to what their owner has.
    virtual void add_at_owners(const Halo&, std::span<u32> /*counts*/) {}

    // From one rank to another.
    virtual void send(u32 /*to*/, std::span<const std::byte>) {}
    virtual void receive(u32 /*from*/, std::span<std::byte>) {}

    virtual void sum(std::span<u32>) {}
    virtual void sum(std::span<u64>) {}
    virtual void most(std::span<u64>) {}  // of each
    u64 most(u64 value) {
        most(std::span<u64>(&value, 1));
        return value;
    }

    // Puts together what each rank filled in; all bits that it did not fill are zero. For all, or for the
    // root alone.
    virtual void merge(std::span<std::byte>) {}
    virtual void merge_at_root(std::span<std::byte>) {}

    virtual std::vector<SynapseEvent> gather_at_root(std::vector<SynapseEvent> own) { return own; }
    virtual std::vector<std::string> gather(const std::string& own) {
        return {own};
    }  // for all, in order of ranks

    // Gives each rank what is for it, and takes what each has for this one.
    using ForEach = std::vector<std::vector<u32>>;
    virtual ForEach swap(ForEach for_each) { return for_each; }

    // The values of all neurons below `values.size()` in order, at the root; nothing elsewhere.
    template <class T>
    std::vector<T> whole_at_root(const Partition& partition, std::span<const T> values) {
        std::vector<T> all(root() ? values.size() : 0);
        collect_at_root(partition, std::as_bytes(values), sizeof(T), std::as_writable_bytes(std::span(all)));
        return all;
    }

    virtual Traffic traffic() const { return {}; }

    // Waits for all ranks to come here, wherever they are; the root's `code` when they do in time, else
    // nothing.
    virtual std::optional<int> all_come(double /*seconds*/, int code) { return code; }
    [[noreturn]] virtual void end_job(int exit_code);

protected:
    // Values of `each` bytes.
    virtual void collect_at_root(const Partition&, std::span<const std::byte> values, size_t /*each*/,
                                 std::span<std::byte> all) {
        std::ranges::copy(values, all.begin());
    }
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
