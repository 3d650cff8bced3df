// What a drug can act on besides the NMDA receptor, each with its name in drug files.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace respine {

enum class Target {
    // blocked or bound to some share
    kAmpa,
    kLTypeCa,
    kBdnf,
    kTrkb,
    kMtorc1,
    kMglu23Agonist,
    kMglu23Antagonist,
    kSert,
    kTrkbPartner,
    // moved up or down: with an efficacy
    kAmpaModulator,
    kRelease,
    kEaat2,
    // the same, by cell type: what moves the drive of cells, then what moves their inhibition
    kMuscarinicM1,
    kSerotonin2A,
    kMuOpioid,
    kGabaA,
    kGabaAAlpha5,
};
inline constexpr std::size_t kTargets = 17;
inline constexpr std::array<std::string_view, kTargets> kTargetNames = {
    "ampa",      "l_type_ca",    "bdnf",           "trkb",    "mtorc1", "mglu23_agonist", "mglu23_antagonist",
    "sert",      "trkb_partner", "ampa_modulator", "release", "eaat2",  "muscarinic_m1",  "serotonin_2a",
    "mu_opioid", "gaba_a",       "gaba_a_alpha5"};

inline constexpr bool is_signed(Target target) { return target >= Target::kAmpaModulator; }

// Those that act by cell type.
inline constexpr std::size_t kFirstByType = static_cast<std::size_t>(Target::kMuscarinicM1);
inline constexpr std::size_t kByType = kTargets - kFirstByType;
inline constexpr std::size_t kOnDrive = static_cast<std::size_t>(Target::kGabaA) - kFirstByType;

}  // namespace respine
