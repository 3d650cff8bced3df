// Inhibition that follows excitation by its synapses: a pyramidal cell whose lasting excitation changes comes
// to hold more, or fewer, of its plastic inhibitory ones.
//
//   T_i = [1 + m (alpha_i R_i - H_i) / (H_i + external_i)]+
//   h_i, n*_i, C_i, f0_i  <-  T_i times those of the cell without matching
//
//   m       matched share [1]; 0: none
//   R, H    recurrent input of the present synapses, and of the healthy network, at healthy rates [1]
//   alpha   potentiation of recurrent synapses [1]
//   h, n*   healthy and equilibrium count; C capacity; f0 attempts of formation [1/d]
//
// The law of counts scales with h, so T_i times as many synapses are then at rest, and turnover brings the
// cell there within the lifetime of its synapses. The factor is that of match_inhibition (rates.hpp), which
// acts at once on the strength.
// Source: inhibition in proportion to the excitation of each pyramidal cell, Xue et al. 2014,
// 10.1038/nature13321 (direction); that counts follow, and how fast, is assumed. Values:
// configs/networks/*.yaml.
#pragma once

#include <span>

namespace respine {

inline constexpr float kLeastMatched = 0.05F;  // of T: a cell without excitation still has a count

struct CountLevels {
    std::span<const float> healthy, equilibrium, capacity, attempts;  // of each row
};
struct MatchedLevels {
    std::span<float> healthy, equilibrium, capacity, attempts;
};

// `factor`: T of each row, from match_inhibition.
void match_counts(std::span<const float> factor, const CountLevels& own, const MatchedLevels& matched);

}  // namespace respine
