// What a run remembers from one step to the next: a row for every array and number, made beside the members
// that it names. The checkpoint writes exactly these rows and reads them back; whatever has no row follows
// from the inputs or is written before it is read.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/policy/policy.hpp"
#include "sim/quantity.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

struct CheckpointRow {
    // A span has the length that the inputs give it; a vector has grown on the way.
    using Values =
        std::variant<std::span<float>, std::span<double>, std::span<u32>, std::span<u64>, std::span<Tick>,
                     std::vector<float>*, std::vector<double>*, std::vector<u32>*, std::vector<Tick>*>;
    std::string name, unit;
    Values values;
    Range range;  // of every value
    // Of an array over neurons that ranks share: which values this one has, and which it needs to go on.
    bool shared = false;
    std::vector<Slice> own = {}, known = {};
};

class CheckpointRows {
public:
    template <class T>
    void number(const std::string& name, const std::string& unit, T& value, Range range = {}) {
        rows_.push_back({name, unit, std::span<T>(&value, 1), range});
    }
    template <class T>
    void array(const std::string& name, const std::string& unit, std::span<T> values, Range range = {}) {
        rows_.push_back({name, unit, values, range});
    }
    template <class T>
    void shared(const std::string& name, const std::string& unit, std::span<T> values, Range range,
                std::vector<Slice> own, std::vector<Slice> known = {}) {
        if (known.empty()) known = own;
        rows_.push_back({name, unit, values, range, true, std::move(own), std::move(known)});
    }
    template <class T>
    void list(const std::string& name, const std::string& unit, std::vector<T>& values, Range range = {}) {
        rows_.push_back({name, unit, &values, range});
    }
    // The plastic rows are too large for one array, and each rank has its own.
    void synapses(Network& network) { network_ = &network; }

    const std::vector<CheckpointRow>& rows() const { return rows_; }
    Network* network() const { return network_; }

private:
    std::vector<CheckpointRow> rows_;
    Network* network_ = nullptr;
};

inline constexpr Range kCount{0.0, 9007199254740992.0};  // whole numbers that a double holds

void add_checkpoint_rows(State& state, const Network& network, std::span<const Quantity> quantities,
                         CheckpointRows& memory);  // quantities.cpp
void add_checkpoint_rows(Network& network, CheckpointRows& memory);
void add_checkpoint_rows(PolicyLog& log, const std::string& prefix, CheckpointRows& memory);

// Of everything in a network that never changes: it is built anew on a resume, and must be the same.
u64 constant_digest(const Network& network, Ranks& ranks = alone());

}  // namespace respine
