// What files choose by a word: each an enumeration with its one table of words, in the same order.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace respine {

template <class Choice>
inline constexpr std::array<std::string_view, 0> kWords{};

enum class Genotype { kValVal, kValMet, kMetMet };
template <>
inline constexpr std::array<std::string_view, 3> kWords<Genotype> = {"val/val", "val/met", "met/met"};

enum class Integrator { kRelaxed, kExplicit };
template <>
inline constexpr std::array<std::string_view, 2> kWords<Integrator> = {"relaxed", "explicit"};

enum class StructureRule { kEquilibrium, kGrowthRule, kFixed };
template <>
inline constexpr std::array<std::string_view, 3> kWords<StructureRule> = {"equilibrium", "growth_rule",
                                                                          "fixed"};

// The way into the body; or around it: a bath holds a concentration at the tissue, and a window is a tool
// without pharmacokinetics at its full effect.
enum class Route { kIv, kIm, kIp, kSc, kNasal, kOral, kBath, kWindow };
template <>
inline constexpr std::array<std::string_view, 8> kWords<Route> = {"iv",    "im",   "ip",   "sc",
                                                                  "nasal", "oral", "bath", "window"};

// How a network is built.
enum class NetworkKind { kSheet, kMicrocircuit, kSmallWorld, kRandom, kFile };
template <>
inline constexpr std::array<std::string_view, 5> kWords<NetworkKind> = {"sheet", "microcircuit",
                                                                        "small_world", "random", "file"};

// What the neurons of a population do to those that they synapse on; those without a trait fire and do
// nothing.
enum class Trait { kExcitatory, kInhibitory, kNone };
template <>
inline constexpr std::array<std::string_view, 3> kWords<Trait> = {"excitatory", "inhibitory", "none"};

// Where the partners of a projection's neurons are: by the distance kernel of the network, or evenly anywhere
// in the source population, as between regions.
enum class Reach { kNear, kAnywhere };
template <>
inline constexpr std::array<std::string_view, 2> kWords<Reach> = {"near", "anywhere"};

// Whether the synapses of a projection stay as they are drawn, or turn over.
enum class Structure { kFixed, kPlastic };
template <>
inline constexpr std::array<std::string_view, 2> kWords<Structure> = {"fixed", "plastic"};

template <class Choice>
constexpr std::string_view word_of(Choice choice) {
    return kWords<Choice>[static_cast<size_t>(choice)];
}

template <class Choice>
constexpr std::optional<Choice> choice_of(std::string_view word) {
    for (size_t k = 0; k < kWords<Choice>.size(); ++k)
        if (kWords<Choice>[k] == word) return static_cast<Choice>(k);
    return std::nullopt;
}

// Sorts choices by their words, as a person would look for them.
struct ByWord {
    template <class Choice>
    bool operator()(Choice a, Choice b) const {
        return word_of(a) < word_of(b);
    }
};

}  // namespace respine
