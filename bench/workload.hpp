// One network and all that its kernels need: what the timings and the instruction budget share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/simulation.hpp"

namespace respine {

struct Work {
    i64 items = 0;
    i64 bytes = 0;  // what the call must read and write when nothing is in a cache
};

class Workload {
public:
    // kind: sheet (sources near their targets) or random (sources anywhere).
    Workload(const std::string& kind, u32 neurons, u32 synapses);

    void restart();        // network and states as at first, so that the next call gives the same checksum
    void repeat_inputs();  // rates, settled rates and glutamate: what relax and glutamate would use up
    void make_room(const LossTable& loss, double days);  // loses what the next formation replaces
    void fill_room();                                    // forms what the loss of a day takes

    // One call of a kernel each.
    Work publish();
    Work gather_plastic_rows();
    Work gather_fixed_rows();
    Work settle();
    Work relax();
    Work glutamate();
    Work signalling();
    Work turn_over(const LossTable& loss, double days);
    Work form(double days);
    Work generate();
    Work whole_step();

    Simulation simulation;
    Network network;  // a copy: turnover and formation change it
    i64 live = 0;     // its plastic synapses
    i64 lost = 0;     // in the last turnover
    std::vector<float> published, recurrent, excitation, inhibition, rate, settled;
    LossTable loss_none{std::vector<float>(kSizeTable, 0.0F)},
        loss_step = loss_none, loss_day = loss_none;  // by size: never, in a structural step, in a day
    std::vector<float> glutamate_now;
    std::vector<std::vector<float>> chain;  // states of the signalling chain
    double step_days = 0.0;                 // structural step [d]
    double step_checksum = 0.0;             // after the first whole step
    std::vector<u64>
        plain_begin;  // the same live synapses as everybody would store them: no gaps, a float each as weight
    std::vector<u32> plain_source;
    std::vector<float> plain_weight;

private:
    void prime_relaxation();
    void store_plainly();

    u32 tick_ = 0;
    double elimination_ = 1.0;
    bool changed_ = true, odd_ = false;
    std::vector<float> start_rate_, other_rate_, start_settled_, slope_, bdnf_, release_, scratch_, vacancy_,
        pool_;
    std::vector<double> coupling_;
    std::vector<GroupRange> ranges_;
    AndersonSpace space_;
    std::vector<std::vector<float>> ring_;
    std::vector<u32> blocks_, passed_;
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

}  // namespace respine
