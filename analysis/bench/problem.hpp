// The problems of bench/PROBLEM.md: a network of plastic synapses, and what is done to it. A kernel stands in
// `kernels`, so that a test can plant a wrong one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kernels/activity/drive.hpp"
#include "kernels/plasticity/formation.hpp"
#include "sim/model/model.hpp"
#include "sim/network/equilibrium.hpp"
#include "sim/network/network.hpp"

namespace respine {

struct Work {
    i64 items = 0;
    i64 bytes = 0;  // what the call must read and write when nothing is in a cache
};

enum class Topology { kSheet, kAnywhere, kHubs };
inline constexpr const char* kTopologyNames[] = {"sheet", "anywhere", "hubs"};
inline constexpr Topology kTopologies[] = {Topology::kSheet, Topology::kAnywhere, Topology::kHubs};

struct ProblemClass {
    const char* name;
    u32 neurons, synapses;  // wanted of each; 0: of the full microcircuit
    const char* about;
};
inline constexpr ProblemClass kProblemClasses[] = {
    {"S", 10'000, 100, "10,000 neurons x 100 synapses"},
    {"M", 100'000, 1'000, "100,000 neurons x 1,000 synapses"},
    {"L", 0, 0, "the full microcircuit, 77,169 neurons x 3,500 synapses"},
    {"XL", 1'000'000, 1'000, "1,000,000 neurons x 1,000 synapses"},
};

struct PlasticKernels {
    decltype(&gather_plastic) gather = gather_plastic;
    decltype(&turn_over_spines) turn_over = turn_over_spines;
    decltype(&draw_attempts) attempt = draw_attempts;
    decltype(&form_spines) form = form_spines;
};

// What a turnover or a formation does over so many days.
struct Spell {
    double days;
    LossTable loss;
};

class Problem {
public:
    // Of these synapses in this condition, newborn ones among them or not.
    Problem(Network network, const Model& model, const Condition& condition, bool newborns);
    static Problem of(const ProblemClass& size, Topology topology);

    Work drive();                  // the sum of weight times rate over each row's synapses
    Work turn_over(const Spell&);  // each synapse walks, and may be lost
    Work form(double days);        // neurons try, partners are drawn, those with room accept
    Work day();                    // 48 half hours of all three
    void make_room(const Spell&);  // loses what the next formation replaces
    void fill_room();              // forms what the loss of a day takes
    void publish_vacancies();

    Network network;
    Model model;
    Topology topology = Topology::kSheet;
    double width_in_cells = 0.0;  // SD of the distance kernel over the side of a cell of the sheet
    PlasticKernels kernels;
    i64 live = 0, lost = 0, formed = 0;  // now; in the last turnover; in the last formation
    Spell never, half_hour, all_day;     // nothing is lost; in a structural step; in a day
    std::vector<float> published, recurrent, vacancy, pool;
    std::vector<std::vector<SynapseEvent>>
        events;  // of the last turnover or formation, if there are any lists
    u32 tick = 0;

    PlasticSynapses& synapses() { return network.recurrent(); }
    const PlasticSynapses& synapses() const { return network.recurrent(); }
    FormationInput formation_input(double days);
    const Condition& condition() const { return condition_; }

private:
    std::vector<u32> blocks_, passed_;
    std::vector<std::vector<Attempts>> attempts_;
    Condition condition_;
    bool newborns_;
};

// Mean number of synapses that leave source j of n where e leave all of them, with hubs: sources are drawn as
// floor(n u^2), so degrees k have a density that falls as k^-3.
double expected_hub_degree(u32 j, u32 n, double e);

}  // namespace respine
