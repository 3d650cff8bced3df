// A mechanism that a scenario brings: a state of each pyramidal cell, or of the subject, that is made and
// lost,
//
//   dx/dt = production - decay x
//
// and that scales one step of the chain. Its formulas are those of sim/expression.
#pragma once

#include <map>
#include <string>

#include "sim/model/choices.hpp"

namespace respine {

enum class HeldBy { kNeuron, kSubject };
template <>
inline constexpr std::array<std::string_view, 2> kWords<HeldBy> = {"neuron", "subject"};

enum class ActsOn { kNothing, kAmpaDrive, kBdnfRelease, kTrkbActivation };
template <>
inline constexpr std::array<std::string_view, 4> kWords<ActsOn> = {"nothing", "ampa_drive", "bdnf_release",
                                                                   "trkb_activation"};

struct Mechanism {
    std::string name, title;
    std::string unit = "1";
    std::map<std::string, std::string> constants;  // numbers with units that its formulas use by name
    HeldBy of = HeldBy::kNeuron;
    std::string production;  // [unit/time]
    std::string decay;       // [1/time]
    std::string initial;     // [unit]; empty: where it rests without drug
    ActsOn acts_on = ActsOn::kNothing;
    std::string factor;  // that it acts by [1]
    std::string mark, reference;
    int line = 0, column = 0;  // of its file
};

}  // namespace respine
