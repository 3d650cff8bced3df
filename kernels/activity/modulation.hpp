// Receptors other than the NMDA receptor: how far drugs move each one from its rest, and what that does to
// the drive and to the inhibition of a cell type.
//
//   o_r = sum_k e_kr u_kr / (1 + sum_k u_kr)
//   u_kr = s (C_k / EC50_kr)^h
//   drive_t       = [1 + sum_r d_rt o_r]+      times the external drive of cell type t
//   inhibition_ts = [1 + sum_r g_rt o_r]+      times what cell type s sends to t
//
//   o      signed occupancy of receptor r: what drugs add to its rest [1], -1 (all shut) to 1 (all driven)
//   e      efficacy of drug k there, -1 to 1: an antagonist or negative modulator is below 0 [1]
//   C      unbound brain concentration [uM]
//   EC50   [uM]
//   h      Hill slope [1]
//   s      strength of a contested link; 1 where nobody contests it [1]
//   d, g   what a receptor that is driven fully adds to the drive, or to inhibition, of a cell type [1]
//
// The transmitters of these receptors have no level of their own: what they do at rest is part of the
// external drive and of the weights, and a drug takes from it or adds to it. Sites where a receptor acts, by
// cell type, are the model's (section `modulation`); occupancy is the drug's.
// Sources: muscarinic M1 on SST cells, above PV cells: Wohleb et al. 2016, 10.1172/JCI85033; 5-HT2A on
// pyramidal cells, GABA-A and alpha-5: configs/models/common.yaml, each with its mark.
#pragma once

#include <span>

namespace respine {

struct Binding {
    double efficacy;  // e [1]
    double ratio;     // u [1]
};

// o of one receptor.
double signed_occupancy(std::span<const Binding> drugs);

// [1 + sum gain occupancy]+ over the receptors.
double modulated(std::span<const double> gain, std::span<const double> occupancy);

}  // namespace respine
