// The building of a network, step by step; build_network (generate.cpp) calls the steps in order. Internal to
// sim/.
#pragma once

#include <optional>
#include <vector>

#include "sim/network/generate.hpp"

namespace respine {

struct NetworkBuilder {
    const Scenario& scenario;
    const Model& model;
    const NetworkSpec& spec;
    const SubjectState& subject;
    const GraphFile* graph;
    Ranks& ranks;
    Network net{};
    std::vector<size_t> population_of{};  // of each group
    // [target group][source group]: mean fixed or plastic in-degree.
    std::vector<std::vector<double>> indegree{};
    std::optional<EdgeRows> plastic_graph{};  // healthy E-to-E rows, for graph kinds
    std::optional<EdgeRows> fixed_graph{};    // all other rows, for kind file
    std::vector<u32> file_order{};            // kind file: place in the file of each neuron

    u64 seed() const { return scenario.seed; }
    bool counted() const { return spec.counted(); }

    void make_groups();
    void order_file_neurons();
    void place();
    void set_indegrees();
    void share_out();
    void set_weights();
    void draw_heterogeneity();
    void draw_fixed_rows();
    void take_fixed_rows_of_file();
    void split_file_edges();
    NetworkReport grow_plastic_rows();
    void grow_group(size_t g, const Balance& balance, NetworkReport& report);
    void solve_external();

    std::vector<float> healthy_recurrent{};
};

}  // namespace respine
