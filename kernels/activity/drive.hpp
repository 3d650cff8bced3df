// Synaptic drive: what each neuron receives from the published rates of its sources.
//
//   recurrent_i = sum over plastic synapses k of row i:  e^x_k  p[source_k]
//   inhibition_i, excitation_i = sum over fixed synapses: [e^x_k] p[source_k]      e^x only where the rows
//   have sizes
//
//   p   published rate of the source, already multiplied by the weight between the two groups [1]
//   x   log size [1]
//
// Pulled row by row in 16 interleaved float sums that are added in a fixed order: the same bits for any
// number of threads and any vector width.
// Source: linear summation of synaptic currents, Rubin et al. 2015, 10.1016/j.neuron.2014.12.026.
#pragma once

#include <span>

#include "kernels/activity/synapse_rows.hpp"

namespace respine {

// published[j] = weight * rate[j] for the sources [first, last).
void publish_rates(std::span<const float> rate, double weight, size_t first, size_t last,
                   std::span<float> published);

// Rows [first, last) of the plastic synapses.
void gather_plastic(const SynapseRows& rows, std::span<const float> published, size_t first, size_t last,
                    std::span<float> recurrent);

// Rows [first, last) of the fixed synapses.
void gather_fixed(const FixedRows& rows, std::span<const float> published, size_t first, size_t last,
                  std::span<float> excitation, std::span<float> inhibition);

}  // namespace respine
