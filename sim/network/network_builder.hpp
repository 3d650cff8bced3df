// The building of a network, step by step; build_network (generate.cpp) calls the steps in order. Internal to
// sim/.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/network/generate.hpp"

namespace respine {

// A user's weight, relative to the mean of its pair; 0 has no logarithm, and what it becomes is the smallest
// size in any case.
inline double positive_weight(float relative) { return std::max(1e-6, static_cast<double>(relative)); }

struct NetworkBuilder {
    const Scenario& scenario;
    const Model& model;
    const NetworkSpec& spec;
    const SubjectState& subject;
    const GraphFile* graph;
    Ranks& ranks;
    Network net{};
    std::vector<size_t> population_of{};  // of each group
    std::vector<std::optional<EdgeRows>>
        given_rows{};                       // healthy rows of the plastic synapses, where a graph has them
    std::optional<EdgeRows> fixed_graph{};  // all other rows, for kind file
    std::vector<u32> file_order{};          // kind file: place in the file of each neuron
    // What the plastic synapses of the healthy network bring each neuron at healthy rates [1].
    NeuronArray<float> healthy_excitation{}, healthy_inhibition{};
    NeuronArray<float> present_excitation{};  // of the synapses that this subject has, likewise

    u64 seed() const { return scenario.seed; }
    bool counted() const { return spec.counted(); }

    void make_groups();
    u32 add_groups_of(size_t population, u32 first, double size);
    void make_projections();
    u32 add_plastic(const std::string& name, const PlasticRule& rule, Trait trait);
    void apply(const ProjectionSpec& projection);
    void order_file_neurons();
    void split_file_edges();
    void share_out();
    void set_indegrees();
    void draw_graph();
    void place();
    void share_sources();
    void set_weights();
    void find_halo();
    std::vector<Slice> needed_sources() const;
    void draw_heterogeneity();
    void draw_fixed_rows();
    void take_fixed_rows_of_file();
    NetworkReport grow_plastic_rows();
    NetworkReport grow(u32 plastic);
    void make_lost_rows(PlasticSynapses& plastic);
    void solve_external();
    void keep_healthy_excitation();
    bool matches_counts() const;
    void match_start();
};

}  // namespace respine
