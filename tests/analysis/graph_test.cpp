// The synapse rows seen by Boost.Graph give what a boost::adjacency_list of the same edges gives.

#include <gtest/gtest.h>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/core_numbers.hpp>
#include <boost/graph/strong_components.hpp>
#include <cmath>
#include <set>

#include "analysis/read/graph_metrics.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/network/network_boost.hpp"

namespace respine {
namespace {

using Plain = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

struct Both {
    std::vector<u64> offsets;
    std::vector<u32> source;
    Plain plain;
};

Both random_graph(u32 n, u32 edges) {
    std::vector<std::pair<u32, u32>> list;
    for (u32 k = 0; k < edges; ++k) {
        const Draw u = philox(5, Stream::kGraph, k, 0, 0);
        if (const u32 s = below(u[0], n), t = below(u[1], n); s != t) list.emplace_back(s, t);
    }
    Both b{std::vector<u64>(n + 1, 0), {}, Plain(n)};
    for (u32 t = 0; t < n; ++t) {
        for (const auto& [from, to] : list)
            if (to == t) b.source.push_back(from);
        b.offsets[t + 1] = b.source.size();
    }
    for (const auto& [from, to] : list) boost::add_edge(from, to, b.plain);
    return b;
}

TEST(SynapseGraph, HasTheEdgesOfItsRows) {
    const Both b = random_graph(40, 120);
    const SynapseGraph g(b.offsets, b.source);
    std::multiset<std::pair<u32, u32>> ours, theirs, by_source, by_target;
    for (auto [e, end] = edges(g); e != end; ++e) ours.emplace(source(*e, g), target(*e, g));
    for (auto [e, end] = boost::edges(b.plain); e != end; ++e)
        theirs.emplace(boost::source(*e, b.plain), boost::target(*e, b.plain));
    for (auto [v, end] = vertices(g); v != end; ++v) {
        for (auto [e, last] = out_edges(*v, g); e != last; ++e) by_source.emplace((*e).source, (*e).target);
        for (auto [e, last] = in_edges(*v, g); e != last; ++e) by_target.emplace((*e).source, (*e).target);
        EXPECT_EQ(out_degree(*v, g), boost::out_degree(*v, b.plain));
        EXPECT_EQ(in_degree(*v, g), boost::in_degree(*v, b.plain));
    }
    EXPECT_EQ(ours, theirs);
    EXPECT_EQ(by_source, theirs);
    EXPECT_EQ(by_target, theirs);
    EXPECT_EQ(num_edges(g), theirs.size());
    EXPECT_EQ(num_vertices(g), 40U);
}

TEST(GraphMetrics, AgreeWithAdjacencyList) {
    const u32 n = 60;
    const Both b = random_graph(n, 110);  // sparse, so that there are several components
    const GraphMetrics m = measure_graph(b.offsets, b.source, n);

    std::vector<int> component(n);
    std::vector<unsigned long> core(n);
    const auto index = boost::get(boost::vertex_index, b.plain);
    EXPECT_EQ(m.strong_components,
              boost::strong_components(b.plain, boost::make_iterator_property_map(component.begin(), index)));
    EXPECT_GT(m.strong_components, 1.0);
    boost::core_numbers(b.plain, boost::make_iterator_property_map(core.begin(), index));
    double mean = 0.0;
    unsigned long most = 0;
    for (unsigned long c : core) {
        mean += static_cast<double>(c) / n;
        most = std::max(most, c);
    }
    EXPECT_NEAR(m.mean_core, mean, 1e-12);
    EXPECT_EQ(m.largest_core, static_cast<double>(most));
    EXPECT_NEAR(m.mean_degree, static_cast<double>(boost::num_edges(b.plain)) / n, 1e-12);

    double returned = 0.0;
    for (auto [e, end] = boost::edges(b.plain); e != end; ++e)
        if (boost::edge(boost::target(*e, b.plain), boost::source(*e, b.plain), b.plain).second)
            returned += 1.0;
    EXPECT_NEAR(m.reciprocity, returned / static_cast<double>(boost::num_edges(b.plain)), 1e-12);
}

TEST(GraphMetrics, KnowTheTriangleAndTheStar) {
    const GraphMetrics triangle =
        measure_graph(std::vector<u64>{0, 1, 2, 3}, std::vector<u32>{2, 0, 1});  // 0 -> 1 -> 2 -> 0
    EXPECT_EQ(triangle.clustering, 1.0);
    EXPECT_EQ(triangle.strong_components, 1.0);
    EXPECT_EQ(triangle.reciprocity, 0.0);
    const GraphMetrics star = measure_graph(std::vector<u64>{0, 3, 3, 3, 3}, std::vector<u32>{1, 2, 3});
    EXPECT_EQ(star.clustering, 0.0);
    EXPECT_EQ(star.strong_components, 4.0);
    EXPECT_NEAR(star.in_degree_sd, std::sqrt(27.0 / 16.0), 1e-12);
}

}  // namespace
}  // namespace respine
