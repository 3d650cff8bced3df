// One network and all that its kernels need: what the timings and the instruction budget share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/bench/limits.hpp"
#include "sim/simulation.hpp"

namespace respine {

class Workload : public Problem {
public:
    // kind: sheet (sources near their targets) or random (sources anywhere).
    Workload(const std::string& kind, u32 neurons, u32 synapses);

    void restart();        // network and states as at first, so that the next call gives the same checksum
    void repeat_inputs();  // rates, settled rates and glutamate: what relax and glutamate would use up

    // One call of a kernel each.
    Work publish();
    Work gather_fixed_rows();
    Work settle();
    Work relax();
    Work glutamate();
    Work signalling();
    Work mechanism();         // that a scenario brings: that of mouse-lactate, and what it does
    Work mechanism_in_cpp();  // the same in one loop
    Work generate();
    Work whole_step();

    Simulation simulation;
    std::vector<float> excitation, inhibition, rate, settled;
    std::vector<float> glutamate_now;
    std::vector<std::vector<float>> chain;  // states of the signalling chain
    std::vector<float> lactate;             // of mechanism_in_cpp, whose drive is held_drive
    State brought;                          // of mechanism
    std::vector<float> held_drive;
    double step_checksum = 0.0;  // after the first whole step
    PlainRows plain;

private:
    void prime_relaxation();
    void prepare_mechanism();

    explicit Workload(Simulation simulation);

    bool odd_ = false;
    std::vector<float> start_rate_, other_rate_, start_settled_, slope_, bdnf_, release_, scratch_;
    std::vector<float> glutamate_of_neuron_, held_lactate_;
    Mechanisms mechanisms_;
    std::vector<double> coupling_;
    std::vector<GroupRange> ranges_;
    AndersonSpace space_;
    std::vector<std::vector<float>> ring_;
};

// One row of the table of kernels.
struct Kernel {
    const char* name;
    const char* item;
    Work (*run)(Workload&);
    void (*prepare)(Workload&);  // before every call, not timed; may be null
    double (*checksum)(const Workload&);
    bool random_sources = false;  // measured with random sources too
};

std::span<const Kernel> kernels();
std::span<const Kernel> limits();  // what no kernel can beat

}  // namespace respine
