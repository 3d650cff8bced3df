// Places where a neuron lost a synapse: the bouton is still there, and for some days a new synapse prefers
// it.
//
//   chance that a new synapse of neuron i takes a lost place = rho S_i / (1 + S_i)
//   S_i = sum_k w_k
//   w_k = e^(-(t - t_k)/tau)
//   place k is taken with chance w_k / S_i
//
//   rho   share of new synapses that return where many were lost [1]; 0 switches the memory off
//   tau   time for which a lost place is preferred [d]
//   t_k   when its synapse was lost [d]
//
// Otherwise the partner comes from the distance kernel. How many synapses form does not change: a partner of
// either kind must have room on its axon. A row remembers its last K losses in their order. What returns has
// the source and the birth of what was lost, so the microscope, which places a synapse by a hash of both,
// sees it where the lost one stood.
//
// Rows have the form of synapses: `live` remembered places at the front, oldest first; `log_size` holds the
// structural step of the loss modulo 2^15, above the mark of the synapse in the lowest bit. A newborn spine
// has made no synapse yet (newborn.hpp) and leaves no place, so the mark of a place is free to say that
// stress took it before the start. Of inhibitory synapses the mark says where on the cell they are: it stays
// with the place.
// Sources: about half of the spines that ketamine restores stand within 2 um of lost ones, Moda-Sava et al.
// 2019, 10.1126/science.aat8078 (the share is recalled); inhibitory synapses return where they were, Villa et
// al. 2016, 10.1016/j.neuron.2016.01.010. The form is assumed. Values: configs/models/*.yaml.
#pragma once

#include <vector>

#include "kernels/activity/synapse_rows.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct LostPlaces {
    SynapseRows rows{};
    u32 most = 0;                     // K; 0: nothing is remembered
    bool keeps_mark = false;          // whether a synapse's mark belongs to its place, or says newborn
    double share = 0.0;               // rho
    std::span<const float> weight{};  // w by the age in structural steps; 0 behind the end
};

inline constexpr u32 kNoPlace = 0xffffffffU;
inline constexpr u32 kStampPeriod = 1U << 15;  // structural steps until a loss looks young again

inline constexpr u16 loss_stamp(u32 step, bool mark) {
    return static_cast<u16>((step % kStampPeriod) << 1 | (mark ? 1U : 0U));
}
inline constexpr bool taken_by_stress(u16 stamp) { return (stamp & 1U) != 0; }  // of a spine
inline constexpr u32 steps_since(u16 stamp, u32 step) {
    return (step - (static_cast<u32>(stamp) >> 1)) % kStampPeriod;
}

// w of each age, down to 1 in 20, for a structural step of dt days.
std::vector<float> place_weights(double tau, double dt);

// Adds a place behind the others; the oldest goes when there are K.
void remember_place(const LostPlaces& places, size_t row, u32 source, u16 birth, u16 stamp);

// S of the row.
double weight_of_places(const LostPlaces& places, size_t row, u32 step);

// Which of the row's places, counted from its first, a new synapse takes for their S and a uniform draw u;
// kNoPlace when it takes none of them.
u32 choose_place(const LostPlaces& places, size_t row, u32 step, double sum, double u);

// Takes a place out; the others keep their order.
void take_place(const LostPlaces& places, size_t row, u32 place);

}  // namespace respine
