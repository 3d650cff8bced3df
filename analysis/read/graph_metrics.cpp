#include "analysis/read/graph_metrics.hpp"

#include <algorithm>
#include <boost/graph/core_numbers.hpp>
#include <boost/graph/strong_components.hpp>
#include <cmath>
#include <vector>

#include "sim/network/network_boost.hpp"

namespace respine {

namespace {

double spread(const std::vector<double>& v) {
    double mean = 0.0, square = 0.0;
    for (double x : v) mean += x / static_cast<double>(v.size());
    for (double x : v) square += (x - mean) * (x - mean) / static_cast<double>(v.size());
    return std::sqrt(square);
}

bool linked(const SynapseGraph& g, u32 from, u32 to) {
    const auto t = g.targets_of(from);  // ascending
    return std::binary_search(t.begin(), t.end(), to);
}

// Partners in either direction, each once, without the neuron itself.
std::vector<u32> partners_of(const SynapseGraph& g, u32 v) {
    std::vector<u32> p(g.targets_of(v).begin(), g.targets_of(v).end());
    p.insert(p.end(), g.sources_of(v).begin(), g.sources_of(v).end());
    std::sort(p.begin(), p.end());
    p.erase(std::unique(p.begin(), p.end()), p.end());
    p.erase(std::remove(p.begin(), p.end(), v), p.end());
    return p;
}

double clustering_of(const SynapseGraph& g, u32 v) {
    const std::vector<u32> p = partners_of(g, v);
    if (p.size() < 2) return 0.0;
    size_t links = 0;
    for (size_t a = 0; a < p.size(); ++a)
        for (size_t b = a + 1; b < p.size(); ++b)
            if (linked(g, p[a], p[b]) || linked(g, p[b], p[a])) ++links;
    return 2.0 * static_cast<double>(links) /
           (static_cast<double>(p.size()) * static_cast<double>(p.size() - 1));
}

void measure_degrees(const SynapseGraph& g, GraphMetrics& m) {
    const u32 n = g.vertices();
    m.mean_degree = static_cast<double>(g.edges()) / n;
    std::vector<double> in(n), out(n);
    for (u32 v = 0; v < n; ++v) {
        in[v] = static_cast<double>(in_degree(v, g));
        out[v] = static_cast<double>(out_degree(v, g));
    }
    m.in_degree_sd = spread(in);
    m.out_degree_sd = spread(out);
}

double reciprocity_of(const SynapseGraph& g) {
    u64 returned = 0;
    for (u32 v = 0; v < g.vertices(); ++v)
        for (u32 t : g.targets_of(v))
            if (linked(g, t, v)) ++returned;
    return g.edges() == 0 ? 0.0 : static_cast<double>(returned) / static_cast<double>(g.edges());
}

double sampled_clustering(const SynapseGraph& g, u32 sample) {
    const u32 n = g.vertices(), stride = std::max(1U, n / std::max(1U, sample));
    double sum = 0.0;
    u32 counted = 0;
    for (u32 v = 0; v < n; v += stride, ++counted) sum += clustering_of(g, v);
    return sum / counted;
}

void measure_components(const SynapseGraph& g, GraphMetrics& m) {
    const u32 n = g.vertices();
    std::vector<u32> component(n);
    const auto index = get(boost::vertex_index, g);
    m.strong_components =
        boost::strong_components(g, boost::make_iterator_property_map(component.begin(), index));
    std::vector<u32> size(static_cast<size_t>(m.strong_components), 0);
    for (u32 c : component) ++size[c];
    m.largest_component = static_cast<double>(*std::max_element(size.begin(), size.end())) / n;
}

void measure_cores(const SynapseGraph& g, GraphMetrics& m) {
    const u32 n = g.vertices();
    std::vector<size_t> core(n);
    boost::core_numbers(g, boost::make_iterator_property_map(core.begin(), get(boost::vertex_index, g)));
    for (size_t c : core) {
        m.mean_core += static_cast<double>(c) / n;
        m.largest_core = std::max(m.largest_core, static_cast<double>(c));
    }
}

}  // namespace

const GraphMeasure* graph_measure(std::string_view name) {
    const auto found = std::find_if(std::begin(kGraphMeasures), std::end(kGraphMeasures),
                                    [&](const GraphMeasure& m) { return m.name == name; });
    return found == std::end(kGraphMeasures) ? nullptr : &*found;
}

GraphMetrics measure_graph(std::span<const u64> offsets, std::span<const u32> source, u32 sample) {
    const SynapseGraph g(offsets, source);
    GraphMetrics m;
    if (g.vertices() == 0) return m;
    measure_degrees(g, m);
    m.reciprocity = reciprocity_of(g);
    m.clustering = sampled_clustering(g, sample);
    measure_components(g, m);
    measure_cores(g, m);
    return m;
}

}  // namespace respine
