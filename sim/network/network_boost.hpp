// The live synapses as a Boost.Graph graph, by external adaptation: free functions on our rows, no copy into
// a foreign container.
//
// Vertices are excitatory neurons, an edge runs from source to target. Rows are stored by target (in-edges);
// the transpose for out-edges is made once. Models VertexListGraph, EdgeListGraph and BidirectionalGraph.
#pragma once

#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <span>
#include <utility>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

class SynapseGraph {
public:
    // CSR by target: the sources of target i are source[offsets[i] .. offsets[i + 1]). Both spans must
    // outlive the graph.
    SynapseGraph(std::span<const u64> offsets, std::span<const u32> source)
        : offsets_(offsets), source_(source) {
        out_offsets_.assign(offsets.size(), 0);
        for (u32 s : source) ++out_offsets_[s + 1];
        for (size_t i = 1; i < out_offsets_.size(); ++i) out_offsets_[i] += out_offsets_[i - 1];
        target_.resize(source.size());
        std::vector<u64> at(out_offsets_.begin(), out_offsets_.end() - 1);
        for (u32 t = 0; t < vertices(); ++t)
            for (u64 k = offsets[t]; k < offsets[t + 1]; ++k) target_[at[source[k]]++] = t;
    }

    u32 vertices() const { return static_cast<u32>(offsets_.size() - 1); }
    u64 edges() const { return source_.size(); }
    std::span<const u32> sources_of(u32 target) const {
        return source_.subspan(offsets_[target], offsets_[target + 1] - offsets_[target]);
    }
    std::span<const u32> targets_of(u32 source) const {
        return std::span<const u32>(target_).subspan(out_offsets_[source],
                                                     out_offsets_[source + 1] - out_offsets_[source]);
    }

private:
    std::span<const u64> offsets_;
    std::span<const u32> source_;
    std::vector<u64> out_offsets_;
    std::vector<u32> target_;  // by source, ascending
};

struct SynapseEdge {
    u32 source = 0, target = 0;
    bool operator==(const SynapseEdge&) const = default;
};

// Edges that share one end: walks the list of the other ends.
template <bool kOut>
class IncidentEdgeIterator : public boost::iterator_facade<IncidentEdgeIterator<kOut>, SynapseEdge,
                                                           boost::random_access_traversal_tag, SynapseEdge> {
public:
    IncidentEdgeIterator() = default;
    IncidentEdgeIterator(u32 vertex, const u32* at) : vertex_(vertex), at_(at) {}

private:
    friend class boost::iterator_core_access;
    SynapseEdge dereference() const { return kOut ? SynapseEdge{vertex_, *at_} : SynapseEdge{*at_, vertex_}; }
    bool equal(const IncidentEdgeIterator& other) const { return at_ == other.at_; }
    void increment() { ++at_; }
    void decrement() { --at_; }
    void advance(std::ptrdiff_t n) { at_ += n; }
    std::ptrdiff_t distance_to(const IncidentEdgeIterator& other) const { return other.at_ - at_; }
    u32 vertex_ = 0;
    const u32* at_ = nullptr;
};

// All edges, source by source.
class EveryEdgeIterator : public boost::iterator_facade<EveryEdgeIterator, SynapseEdge,
                                                        boost::forward_traversal_tag, SynapseEdge> {
public:
    EveryEdgeIterator() = default;
    EveryEdgeIterator(const SynapseGraph* graph, u32 source) : graph_(graph), source_(source) {
        skip_empty();
    }

private:
    friend class boost::iterator_core_access;
    SynapseEdge dereference() const { return {source_, graph_->targets_of(source_)[place_]}; }
    bool equal(const EveryEdgeIterator& other) const {
        return source_ == other.source_ && place_ == other.place_;
    }
    void increment() {
        ++place_;
        skip_empty();
    }
    void skip_empty() {
        while (source_ < graph_->vertices() && place_ >= graph_->targets_of(source_).size()) {
            ++source_;
            place_ = 0;
        }
    }
    const SynapseGraph* graph_ = nullptr;
    u32 source_ = 0;
    size_t place_ = 0;
};

// Iterator pairs that BGL expects.
inline auto out_edges(u32 v, const SynapseGraph& g) {
    const auto t = g.targets_of(v);
    return std::pair(IncidentEdgeIterator<true>(v, t.data()),
                     IncidentEdgeIterator<true>(v, t.data() + t.size()));
}
inline auto in_edges(u32 v, const SynapseGraph& g) {
    const auto s = g.sources_of(v);
    return std::pair(IncidentEdgeIterator<false>(v, s.data()),
                     IncidentEdgeIterator<false>(v, s.data() + s.size()));
}
inline size_t out_degree(u32 v, const SynapseGraph& g) { return g.targets_of(v).size(); }
inline size_t in_degree(u32 v, const SynapseGraph& g) { return g.sources_of(v).size(); }
inline size_t degree(u32 v, const SynapseGraph& g) { return out_degree(v, g) + in_degree(v, g); }
inline u32 source(const SynapseEdge& e, const SynapseGraph&) { return e.source; }
inline u32 target(const SynapseEdge& e, const SynapseGraph&) { return e.target; }
inline auto vertices(const SynapseGraph& g) {
    return std::pair(boost::counting_iterator<u32>(0), boost::counting_iterator<u32>(g.vertices()));
}
inline u32 num_vertices(const SynapseGraph& g) { return g.vertices(); }
inline auto edges(const SynapseGraph& g) {
    return std::pair(EveryEdgeIterator(&g, 0), EveryEdgeIterator(&g, g.vertices()));
}
inline u64 num_edges(const SynapseGraph& g) { return g.edges(); }
inline boost::typed_identity_property_map<u32> get(boost::vertex_index_t, const SynapseGraph&) { return {}; }
inline u32 get(boost::vertex_index_t, const SynapseGraph&, u32 v) { return v; }

}  // namespace respine

namespace boost {

template <>
struct graph_traits<respine::SynapseGraph> {
    using vertex_descriptor = respine::u32;
    using edge_descriptor = respine::SynapseEdge;
    using directed_category = directed_tag;
    using edge_parallel_category = allow_parallel_edge_tag;
    struct traversal_category : bidirectional_graph_tag, vertex_list_graph_tag, edge_list_graph_tag {};
    using vertices_size_type = respine::u32;
    using edges_size_type = respine::u64;
    using degree_size_type = size_t;
    using out_edge_iterator = respine::IncidentEdgeIterator<true>;
    using in_edge_iterator = respine::IncidentEdgeIterator<false>;
    using vertex_iterator = counting_iterator<respine::u32>;
    using edge_iterator = respine::EveryEdgeIterator;
    using adjacency_iterator = void;
    static vertex_descriptor null_vertex() { return 0xffffffffU; }
};
template <>
struct graph_traits<const respine::SynapseGraph> : graph_traits<respine::SynapseGraph> {};

template <>
struct property_map<respine::SynapseGraph, vertex_index_t> {
    using type = typed_identity_property_map<respine::u32>;
    using const_type = type;
};
template <>
struct property_map<const respine::SynapseGraph, vertex_index_t>
    : property_map<respine::SynapseGraph, vertex_index_t> {};

}  // namespace boost

namespace respine {

BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<SynapseGraph>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<SynapseGraph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<SynapseGraph>));

}  // namespace respine
