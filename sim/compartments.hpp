// Linear compartments: states with flows between them, advanced exactly for any step
// (kernels/activity/pharmacokinetics.hpp).
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

class CheckpointRows;

// First every state and flow is added, then `build` makes the rate matrix, once. Rates are in 1/h; amounts in
// whatever a state is in.
class CompartmentSystem {
public:
    size_t add() { return size_++; }
    void flow(size_t from, size_t to, double rate);   // leaves `from` and arrives in `to`
    void drive(size_t from, size_t to, double rate);  // arrives in `to`; `from` keeps it
    void leave(size_t from, double rate);             // is gone
    void build();

    double amount(size_t state) const { return amount_[state]; }
    void give(size_t state, double change) { amount_[state] += change; }
    void advance(double hours);
    std::vector<double> after(double hours) const;  // amounts then, if nothing more is given

    void add_checkpoint_rows(CheckpointRows& memory, const std::string& name);  // adds what changes with time

private:
    static constexpr size_t kOutside = static_cast<size_t>(-1);
    struct Flow {
        size_t from, to;
        double rate;
        bool leaves;
    };

    std::vector<double> transition(double hours) const;

    size_t size_ = 0;
    std::vector<Flow> flows_;
    std::vector<double> rate_, amount_;
    std::map<long long, std::vector<double>> transitions_;  // by step in microseconds
};

}  // namespace respine
