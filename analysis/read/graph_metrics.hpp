// Measures of the live excitatory network, by Boost.Graph.
#pragma once

#include <span>
#include <string_view>

#include "kernels/numerics/types.hpp"

namespace respine {

struct GraphMetrics {
    double mean_degree = 0.0, in_degree_sd = 0.0, out_degree_sd = 0.0;
    double reciprocity = 0.0;  // share of edges whose reverse exists
    // Mean share of linked pairs among the partners of a neuron, undirected; of sampled neurons.
    double clustering = 0.0;
    double strong_components = 0.0;              // number
    double largest_component = 0.0;              // share of neurons in the largest strong component
    double mean_core = 0.0, largest_core = 0.0;  // core numbers by in-degree plus out-degree
};

// Every measure, by the name that outcomes use and the title that tables show.
struct GraphMeasure {
    const char* name;
    const char* title;
    const char* unit;
    double GraphMetrics::*member;
};
inline constexpr GraphMeasure kGraphMeasures[] = {
    {"mean_degree", "mean degree", "1", &GraphMetrics::mean_degree},
    {"in_degree_sd", "SD of in-degree", "1", &GraphMetrics::in_degree_sd},
    {"out_degree_sd", "SD of out-degree", "1", &GraphMetrics::out_degree_sd},
    {"reciprocity", "reciprocity", "1", &GraphMetrics::reciprocity},
    {"clustering", "clustering", "1", &GraphMetrics::clustering},
    {"strong_components", "strong components", "count", &GraphMetrics::strong_components},
    {"largest_component", "largest component", "1", &GraphMetrics::largest_component},
    {"mean_core", "mean core number", "1", &GraphMetrics::mean_core},
    {"largest_core", "largest core number", "1", &GraphMetrics::largest_core},
};

// Null when there is none of this name.
const GraphMeasure* graph_measure(std::string_view name);

// CSR by target, as a snapshot holds it. `sample` neurons (evenly strided) for the clustering.
GraphMetrics measure_graph(std::span<const u64> offsets, std::span<const u32> source, u32 sample = 300);

}  // namespace respine
